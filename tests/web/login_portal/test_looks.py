"""The sign-in pages in a real Chromium: they fit, axe-core finds nothing serious, and they say what to do.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.login_portal.device import Device
from tests.web.login_portal.door import Door, open_door


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The sign-in, open."""
    with open_door(tmp_path_factory.mktemp("door") / "portal") as opened:
        yield opened


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_fits_and_can_be_used_by_everybody(door: Door, language: str) -> None:
    page = door.page
    page.evaluate(f"window.name = '{language}'")
    door.sign_in("nobody", "wrong")
    wrong = door.looks("sign-in-wrong")
    door.sign_in("bo")
    wrong += door.looks("sign-in-blocked")
    door.sign_in("kim")
    wrong += door.looks("link")
    device = Device(door.wire, "DT-KIM")
    device.show_card(device.scan(page.input_value("#link-text")))
    page.wait_for_selector("#colleague", state="attached")
    wrong += door.looks("link-colleague")
    page.fill("#colleague", "somebody")
    door.presses("#ask")
    wrong += door.looks("link-asking")
    door.sign_in("jan")
    wrong += door.looks("waiting")
    page.goto(f"{door.served.origin}/waiting/code")
    wrong += door.looks("code")
    page.fill("#code", "000000")
    door.presses("#send-code")
    wrong += door.looks("code-wrong")
    door.presses("#back")
    door.presses("#cancel")
    wrong += door.looks("cancelled")
    assert wrong == []
