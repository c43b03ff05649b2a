"""The sign-in pages in a real Chromium: they fit, axe-core finds nothing serious, and they say what to do.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Page

from tests.tour.page import browser
from tests.web.login_portal.desk.counter import SIZES, link
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served, served
from tests.web.looks import at_every_width, findings
from web.login_portal import people
from web.login_portal.rules.roles import COMMAND


@dataclass(frozen=True)
class Door:
    """A served portal with Jan, who has a token; Kim without a telephone; and Bo, whom the desk has blocked."""

    served: Served
    page: Page
    token: Device
    wire: httpx.Client

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.served.origin}/sign-in")
        self.page.click(f".languages button[value={self.language}]")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.presses("#sign-in")

    def presses(self, button: str) -> None:
        """Press it, and wait until the next page is there: what is looked at must not leave meanwhile."""
        with self.page.expect_navigation():
            self.page.click(button)

    @property
    def language(self) -> str:
        return self.page.evaluate("window.name") or "nl"

    def looks(self, name: str) -> list[str]:
        """What is wrong with the page as it is now, at each width and in both schemes."""
        wrong: list[str] = []
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            file = f"portal-{name}.{self.language}.{scheme}"
            wrong += at_every_width(self.page, name, file, SIZES)
            wrong += [f"{name}: {finding}" for finding in findings(self.page)]
        return wrong


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door") / "portal"
    with served(folder) as portal, httpx.Client(base_url=portal.origin) as wire, browser() as page:
        portal.portal.add_person("kim", PASSWORD, display="Kim de Boer")
        blocked = portal.portal.add_person("bo", PASSWORD, display="Bo")
        now = portal.portal.clock()
        portal.portal.service_desk.block(COMMAND, blocked.id, blocked=True, now=now)
        with portal.portal.database.writing() as writing:
            people.set_password_until(writing, "jan", now + 3 * 86400)
        page.goto(f"{portal.origin}/sign-in")
        yield Door(portal, page, link(portal, wire, "jan", "DT-7F3A-0001"), wire)


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
    page.click("#back")
    door.presses("#cancel")
    wrong += door.looks("cancelled")
    assert wrong == []
