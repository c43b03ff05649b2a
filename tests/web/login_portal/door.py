"""A portal that really listens, somebody before it with a real browser, and how its pages look to a machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page

from tests.tour.page import browser
from tests.web.heard import for_everybody
from tests.web.login_portal.desk.counter import SIZES, link
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served, served
from tests.web.looks import at_every_width, findings
from web.login_portal import inbox, people
from web.login_portal.rules.roles import COMMAND


@dataclass(frozen=True)
class Door:
    """A served portal with Jan, who has a token; Tom; Kim without a telephone; and Bo, whom the desk has blocked."""

    served: Served
    page: Page
    token: Device
    wire: httpx.Client

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        language = self.language
        # a page that is live leaves by itself once its session is gone
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.page.goto(f"{self.served.origin}/sign-in")
        self.page.evaluate(f"window.name = '{language}'")
        self.presses(f".languages button[value={language}]")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.presses("#sign-in")

    def looks_again(self) -> None:
        """The same page anew: one that is live may leave by itself in the middle of a reload."""
        language, place = self.language, self.page.url
        self.page.goto("about:blank")
        self.page.goto(place)
        self.page.evaluate(f"window.name = '{language}'")

    def presses(self, button: str) -> None:
        """Press it, and wait until the next page is there: what is looked at must not leave meanwhile."""
        with self.page.expect_navigation():
            self.page.click(button)

    @property
    def language(self) -> str:
        return self.page.evaluate("window.name") or "nl"

    def enter(self, name: str = "jan") -> None:
        """Sign in and answer as the token does when its owner says Yes."""
        self.sign_in(name)
        self.answer("approve", self.page.inner_text("#match-number"))
        self.page.wait_for_selector("#signed-in")

    def answer(self, verdict: str, match: str = "") -> None:
        """What the token says to its newest letter."""
        with self.served.portal.database.reading() as reading:
            newest = inbox.after(reading, self.token.id, 0, time.time())[-1].text
        self.token.answer(newest, verdict, match)

    def looks(self, name: str) -> list[str]:
        """What is wrong with the page as it is now, at each width and in both schemes."""
        wrong: list[str] = []
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            file = f"portal-{name}.{self.language}.{scheme}"
            wrong += at_every_width(self.page, name, file, SIZES)
            wrong += [f"{name}: {finding}" for finding in findings(self.page)]
        return wrong + for_everybody(self.page, name)


@contextmanager
def open_door(folder: Path) -> Iterator[Door]:
    """The sign-in, open."""
    with served(folder) as portal, httpx.Client(base_url=portal.origin) as wire, browser() as page:
        portal.portal.add_person("kim", PASSWORD, display="Kim de Boer")
        portal.portal.add_person("tom", PASSWORD, display="Tom Smit", phone="0612345678")
        blocked = portal.portal.add_person("bo", PASSWORD, display="Bo")
        now = portal.portal.clock()
        portal.portal.service_desk.block(COMMAND, blocked.id, blocked=True, now=now)
        with portal.portal.database.writing() as writing:
            people.set_password_until(writing, "jan", now + 3 * 86400)
        page.goto(f"{portal.origin}/sign-in")
        yield Door(portal, page, link(portal, wire, "jan", "DT-7F3A-0001"), wire)
