"""An update of the installed appliance: from a stick into a second slot that has the last word, and back by itself.

systemd, the bus, polkit, the walls of the units, the guard and the slots are the real ones. The versions are really
built, of what is committed with a few words changed; their libraries are those of the first slot. Who asks is the
page's own user on the page's own socket; who agrees is a hold on the pin.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

import numpy as np
import pytest

from tests.bundle.makers import RELEASE, Vendor
from tests.story.test_two_versions import DYING, NEWER
from tests.story.two_versions import wheels_of
from tests.vm.conftest import PACKAGES
from tests.vm.machine import Machine
from tests.vm.reader import shows
from tests.vm.token import Token

FIRST, NEXT = "0.1.0", "0.2.0"
SLOTS = "/opt/desk-token"
LIBRARIES = f"{SLOTS}/slots/{FIRST}/lib/python3.13/site-packages"
UNITS = ("authenticator", "courier", "steward")
DIGITS, PORT = "0123456789", "8443"
ASK = """
from pathlib import Path
from appliance.wire.client import ControlClient
from appliance.wire.call import Done
from appliance.wire.asking import Admitted, TryPin
from appliance.wire.updates import AskUpdate, FindUpdate, Update, UpdateState
desk = ControlClient(Path("/run/desk-token/control/page.sock"), "page")
"""
STATE = """
state = desk.call(Update(), UpdateState)
print(state.phase, state.offer and state.offer.version, state.trouble)
"""


@dataclass
class Update:
    """A technician with a stick."""

    token: Token
    folder: Path

    @property
    def machine(self) -> Machine:
        return self.token.machine

    def brings(self, changed: Mapping[str, tuple[str, str]]) -> None:
        """The device believes the vendor's root; a bundle signed by the vendor lies on a stick."""
        now = int(time.time())
        vendor = Vendor(since=now - 86_400)
        release = replace(RELEASE, minimum=FIRST, python="cp313", hardware=("x86_64",))
        wheels = wheels_of(self.folder, NEXT, changed, LIBRARIES)
        held = PACKAGES / "updates"
        held.mkdir(exist_ok=True)
        (held / "new.desk-token").write_bytes(vendor.bundle(NEXT, now - 60, wheels, release))
        (held / "root.json").write_bytes(vendor.root)
        self.machine.mount_share()
        self.machine.does(
            "mkdir -p /media/desk-token /usr/share/desk-token; "
            "cp /mnt/host/updates/new.desk-token /media/desk-token/; "
            "install -m 0644 /mnt/host/updates/root.json /usr/share/desk-token/root.json"
        )
        self.machine.unmount_share()

    def page_says(self, words: str) -> str:
        """The page's own user says this to the authenticator."""
        run = f"{SLOTS}/slots/{FIRST}/bin/python -c {quote(ASK + words)}"
        who = "setpriv --reuid=desk-token-page --regid=desk-token-page --init-groups"
        return self.machine.does(f"cd /; {who} {run}")

    def opens_the_page(self) -> None:
        """A hold for the page, and the code from the panel lets somebody in."""
        self.token.wakes("Niet gekoppeld")
        self.token.tap()
        self.token.sees("Menu")
        self.token.settle()
        self.token.chooses("Instelpagina")
        self.token.hold()
        self.token.sees("Houd 3 s")
        self.token.settle()
        self.token.hold(3.6)
        self.token.sees("Code", "Lang: sluit")
        code = read_code(self.token.picture())
        self.page_says(f'assert desk.call(TryPin("{code}"), Admitted).admitted')

    def is_asked_and_agreed(self) -> None:
        """Found on the stick, judged, asked for, and a hold of three seconds."""
        self.opens_the_page()
        self.page_says('desk.call(FindUpdate("stick"), Done, 30)')
        end = time.monotonic() + 180
        while not (said := self.page_says(STATE)).startswith("ready"):
            assert time.monotonic() < end, said
        assert said.split()[1] == NEXT
        self.page_says(f'desk.call(AskUpdate("{NEXT}"), Done)')
        self.token.sees(f"Naar {NEXT}?")
        self.token.settle()
        self.token.hold(3.6)

    def current(self) -> str:
        return self.machine.does(f"readlink {SLOTS}/current")

    def journal(self, unit: str = "desk-token-updater") -> str:
        return self.machine.does(f"journalctl --no-pager -q -o cat -u {quote(unit)}")


def read_code(picture: np.ndarray) -> str:
    """The eight digits behind `Code`, read letter by letter; the last four may stand on a line of their own."""
    (first,) = grown(picture, "Code ")
    (second,) = {four for four in grown(picture, "") if four not in (first, PORT)}
    return first + second


def grown(picture: np.ndarray, before: str) -> set[str]:
    """Every four digits in a row that stand there behind these words."""
    found = {""}
    for _place in range(4):
        found = {
            f"{one}{d}" for one in found for d in DIGITS if shows(picture, f"{before}{one}{d}")
        }
    return found


@pytest.fixture
def update(fresh: Token, tmp_path: Path) -> Update:
    return Update(fresh, tmp_path)


def all_run(machine: Machine) -> None:
    """Every process runs, and systemd has given up none."""
    for name in UNITS:
        machine.until(f"systemctl is-active desk-token-{name}.service")
    assert machine.does("systemctl --failed --no-legend --plain") == ""


def test_a_newer_version_gets_its_slot_and_its_own_updater_has_the_last_word(
    update: Update,
) -> None:
    update.token.camera_sees()
    update.brings(NEWER)
    update.is_asked_and_agreed()
    update.token.sees("Bijgewerkt", patience=400)
    assert update.current() == f"slots/{NEXT}"
    assert update.machine.does(f"readlink {SLOTS}/previous") == f"slots/{FIRST}"
    update.token.settle()
    update.token.tap()
    update.token.wakes("Hello from B")
    all_run(update.machine)
    said = update.journal()
    assert "services restarted" in said
    # the old slot's updater made room for the new one's, which judged the device once more, through its camera
    assert update.machine.does("systemctl show -P NRestarts desk-token-updater") >= "1"
    assert f"update confirmed version={NEXT}" in said


def test_a_version_that_dies_is_left_and_everything_runs_as_before(update: Update) -> None:
    update.brings(DYING)
    update.is_asked_and_agreed()
    update.token.sees("Niet bijgewerkt", patience=600)
    assert update.current() == f"slots/{FIRST}"
    update.token.settle()
    update.token.tap()
    update.token.wakes("Niet gekoppeld")
    all_run(update.machine)
    assert f"update undone version={NEXT}" in update.journal()
    assert "broke kind=ModuleNotFoundError" in update.journal("desk-token-authenticator")
