"""A technician with a browser at the device's own page: the real page, porter, steward and authenticator behind it."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.story.house import House, add_person
from tests.story.visitor import Visitor
from tests.tour.hands import Hands
from tests.tour.page import browser
from tests.tour.servers import BIN, serving

NAME, DISPLAY, PASSWORD, PHONE = "jan", "Jan de Boer", "een-paard-in-de-gang-7", "+31 6 12345612"


@dataclass
class Technician:
    """Hands at the token, eyes on the page."""

    home: House
    page: Page
    origin: str = ""

    def opens_the_page(self) -> str:
        """Find it in the menu, hold for three seconds, and read address and code from the panel. Gives the code."""
        hands = self.home.hands
        hands.settle()
        hands.tap()
        hands.sees("Menu")
        hands.nudge()
        hands.hold()
        hands.sees("3 s")
        hands.settle()
        hands.hold()
        words = hands.sees("Code ")
        found = re.search(r"https://[\d.]+:\d+", words)
        code = re.search(r"Code (\d{4}) (\d{4})", words)
        assert found, words
        assert code, words
        self.origin = found[0]
        return code[1] + code[2]

    def fingerprint_on_the_panel(self) -> str:
        """The mark of the certificate, a tap away."""
        self.home.hands.settle()
        self.home.hands.tap()
        words = self.home.hands.sees("certificaat")
        return "".join(re.findall(r"\b[0-9A-F]{4}\b", words))

    def fingerprint_of_the_line(self) -> str:
        """The mark of the certificate that a browser is given."""
        host, _, port = self.origin.removeprefix("https://").partition(":")
        pem = ssl.get_server_certificate((host, int(port)))
        der = ssl.PEM_cert_to_DER_cert(pem)
        return hashlib.sha256(der).hexdigest().upper()

    def enters(self, code: str) -> None:
        """Type the code from the panel."""
        self.page.goto(self.origin + "/enter")
        self.page.fill("#code", code)
        self.page.click("main button")
        self.page.wait_for_url("**/status")

    def at(self, path: str) -> None:
        """Open one of the pages."""
        self.page.goto(self.origin + path)

    def reads(self, words: str) -> None:
        """Wait until the page says this by itself."""
        self.page.wait_for_function("words => document.body?.innerText.includes(words)", arg=words)


@contextmanager
def technician(folder: Path, bus: str = "") -> Iterator[Technician]:
    """A house with a portal, a token, and somebody at its page. The token has a steward when there is a bus."""
    add_person(folder / "portal", NAME, DISPLAY, PHONE, PASSWORD)
    portal = serving(
        str(BIN / "desk-portal"), "serve", "--data", str(folder / "portal"), "--port", "0"
    )
    bench = ("bench", "--data", str(folder / "token"), "--port", "0", "--system-bus", bus)
    token = serving(str(BIN / "desk-token"), *bench)
    with portal as portal_server, token as token_server, browser() as first:
        hands, visitor = Hands(token_server.url), Visitor(portal_server.url)
        engine = first.context.browser
        assert engine is not None
        context = engine.new_context(ignore_https_errors=True, locale="nl-NL")
        page = context.new_page()
        page.set_default_timeout(20_000)
        home = House(folder, portal_server, token_server, hands, visitor)
        try:
            yield Technician(home, page)
        finally:
            hands.close()
            visitor.close()
