"""An update on a whole device with real processes: sent on the page, checked, granted, installed and kept."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bundle.makers import Vendor, altered
from tests.story.page_in_browser import technician
from tests.updater.device import release

NOW = int(time.time())
VENDOR = Vendor(since=NOW - 86_400)
GOOD = VENDOR.bundle(made=NOW - 60, release=release(minimum="0.0.0"))
FOREIGN = VENDOR.bundle(made=NOW - 60, release=release(hardware=("riscv64",)))


def test_an_update_is_sent_checked_granted_and_installed(tmp_path: Path) -> None:
    with technician(tmp_path) as tech:
        hands, page = tech.home.hands, tech.page
        (tmp_path / "token" / "update-root.json").write_bytes(VENDOR.root)
        tech.enters(tech.opens_the_page())

        def sends(content: bytes) -> None:
            file = {"name": "a.desk-token", "mimeType": "application/x-tar", "buffer": content}
            tech.at("/update")
            page.set_input_files("#bundle", file)
            page.click("text=Bestand sturen")

        sends(FOREIGN)
        page.get_by_text("Deze update is voor andere hardware").first.wait_for()
        sends(altered(GOOD))
        page.get_by_text("De update is gewijzigd nadat die was ondertekend").first.wait_for()
        sends(GOOD)
        page.get_by_text("Klaar om te installeren: versie 1.2.0").wait_for()
        page.click("text=Vraag het token om te installeren")
        hands.sees("Naar 1.2.0?", "Laat de stekker erin")
        page.get_by_text("Houd de knop 3 seconden ingedrukt").first.wait_for()
        hands.settle()
        hands.hold()
        hands.sees("Bijgewerkt", "Versie 1.2.0")
        page.get_by_text("Versie 1.2.0 is geïnstalleerd en werkt").wait_for()
        slot = tmp_path / "token" / "slots" / "current"
        assert (slot / "pyvenv.cfg").is_file()
        assert slot.readlink().name == "1.2.0"
