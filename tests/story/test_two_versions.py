"""Two really different versions on one device: to the newer one and its words, and back from one that dies.

The wheels are built of what is committed, so a change counts here once it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bundle.makers import Vendor
from tests.hardware.bodies import soon
from tests.story.technician import Technician
from tests.story.two_versions import SlotDevice, running_from_slots, wheels_of
from tests.updater.device import release

NOW = int(time.time())
VENDOR = Vendor(since=NOW - 86_400)
NEWER = {"appliance/core/flows/home.py": ('text("Scan your QR code")', 'text("Hello from B")')}
DYING = {
    "appliance/authenticator/running.py": (
        "from appliance.authenticator.assembly import Options, build",
        "from appliance.authenticator.nothing import Options, build",
    )
}
Figures = Callable[[str, dict[str, int]], None]


def sends_and_grants(device: SlotDevice, bundle: bytes, version: str) -> None:
    """A technician sends the file on the page, asks for it, and holds at the panel."""
    technician = Technician(device)
    technician.opens("/update")
    file = ("new.desk-token", bundle, "application/x-tar")
    technician.sends_file("/update/file", "bundle", file)

    def is_ready() -> bool:
        technician.opens("/update")
        return f"Klaar om te installeren: versie {version}" in technician.page

    assert soon(is_ready), technician.page
    technician.sends("/update/install", version=version)
    technician.close()
    device.hands.sees(f"Naar {version}?")
    device.hands.settle()
    device.hands.hold()


def goes_on_with_b(device: SlotDevice) -> None:
    """A tap closes the notice, and behind it B speaks."""
    device.hands.settle()
    device.hands.tap()
    device.hands.sees("Hello from B")
    assert device.current == "1.1.0"


@pytest.mark.timeout(240)
def test_b_follows_a_and_a_version_that_dies_gives_way_by_itself(
    tmp_path: Path, record_property: Figures
) -> None:
    first = wheels_of(tmp_path, "1.0.0", {})
    newer = wheels_of(tmp_path, "1.1.0", NEWER)
    dying = wheels_of(tmp_path, "1.2.0", {**NEWER, **DYING})
    good, bad = (
        VENDOR.bundle(version, NOW - 60 + age, wheels, release(minimum="1.0.0"))
        for age, (version, wheels) in enumerate((("1.1.0", newer), ("1.2.0", dying)))
    )
    with running_from_slots(tmp_path / "token", "1.0.0", first, VENDOR.root) as device:
        device.hands.sees("Scan uw QR-code")
        began = time.monotonic()
        sends_and_grants(device, good, "1.1.0")
        device.hands.sees("Bijgewerkt", "Versie 1.1.0", patience=60.0)
        goes_on_with_b(device)
        newer_after = time.monotonic() - began
        began = time.monotonic()
        sends_and_grants(device, bad, "1.2.0")
        device.hands.sees("Niet bijgewerkt", patience=90.0)
        goes_on_with_b(device)
        back_after = time.monotonic() - began
    said = device.log()
    assert "broke kind=ModuleNotFoundError" in said
    assert "update undone version=1.2.0: the program does not run" in said
    figures = {
        "seconds to the newer": round(newer_after),
        "seconds there and back": round(back_after),
    }
    record_property("figures of two real versions", figures)
