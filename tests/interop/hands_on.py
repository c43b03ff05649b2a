"""A whole virtual token beside the real server: all its processes, driven through the bench API as a person would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.interop.administrator import PrivacyIdea, Token
from tests.story.house import qr
from tests.tour.hands import MOST_CHOICES, Hands, NotSeen
from tests.tour.servers import BIN, Server, serving


@dataclass
class Panel:
    """Eyes and hands at a token of our own."""

    folder: Path
    token: Server
    hands: Hands

    def camera_reads(self, text: str) -> None:
        """Hold for the camera and put a code with this text in front of it."""
        self.hands.camera_dark()
        self.hands.hold()
        self.hands.sees("Camera aan")
        self.hands.camera_sees(qr(text))

    def to_menu(self, item: str) -> None:
        """Open the menu and move to this line."""
        self.hands.settle()
        if "Scan uw QR-code" in self.hands.words():
            self.hands.tap()
        else:
            self.hands.hold_for("Menu")
        self.hands.sees("Menu")
        self.hands.nudge_to(f"▸ {item}")

    def reads_next(self, text: str) -> None:
        """The same from the menu, when something is linked already."""
        self.hands.camera_dark()
        self.to_menu("Scan QR-code")
        self.hands.hold()
        self.hands.sees("Camera aan")
        self.hands.camera_sees(qr(text))

    def moves_to(self, line: str) -> None:
        """Tap until exactly this line is chosen."""
        for _ in range(MOST_CHOICES):
            if f"▸ {line}" in self.hands.screen()["lines"]:
                return
            self.hands.nudge()
        raise NotSeen(f"no {line} in {self.hands.words()}")

    def dials_hidden(self, digits: str) -> None:
        """Dial digits of which the panel shows only the one under the thumb."""
        for digit in digits:
            while self.hands.screen()["lines"][-1][-1] != digit:
                self.hands.nudge()
            self.hands.hold_on()

    def links(self, made: Token) -> None:
        """The whole enrolment of a token that the server has just made."""
        self.camera_reads(made.url)
        self.accepts(made)

    def accepts(self, made: Token) -> None:
        """Hold at the question whether to link it, and tap its end away."""
        self.hands.sees("Account koppelen?", made.serial)
        self.hands.settle()
        self.hands.hold()
        self.hands.sees("Koppeling gereed")
        self.hands.settle()
        self.hands.tap()

    def approves(self) -> None:
        """Yes, with a hold."""
        self.hands.sees("Logt u in?")
        self.hands.settle()
        self.hands.nudge_to("▸ Ja")
        self.hands.hold()

    def log(self) -> str:
        """Everything that every process has said."""
        logs = (path.read_text(errors="replace") for path in self.folder.rglob("*.log"))
        return "\n".join([self.token.log(), *logs])


@contextmanager
def panel(folder: Path) -> Iterator[Panel]:
    """A token that is not linked yet. No log may show a traceback when it is over."""
    command = str(BIN / "desk-token"), "bench", "--data", str(folder), "--port", "0"
    with serving(*command) as token:
        hands = Hands(token.url)
        hands.sees("Scan uw QR-code")
        there = Panel(folder, token, hands)
        yield there
        hands.close()
        assert "Traceback" not in there.log()


def logged_in(server: PrivacyIdea, serial: str, transaction: str) -> bool:
    """Whether the login page lets the person in now."""
    return server.status(transaction) == "accept" and server.finishes(serial, transaction)


@dataclass
class PageApi:
    """The device page's JSON, with a session."""

    http: httpx.Client

    def does(self, verb: str, path: str, **body: object) -> httpx.Response:
        """One call that the page takes."""
        return self.http.request(verb, path, json=body or None).raise_for_status()


@contextmanager
def page_of(there: Panel) -> Iterator[PageApi]:
    """Open the page with a hold, read its address and code from the panel, and begin a session."""
    there.to_menu("Instelpagina")
    there.hands.hold()
    there.hands.sees("3 s")
    there.hands.settle()
    there.hands.hold()
    words = there.hands.sees("Code ")
    address, code = re.search(r"https://\S+", words), re.search(r"Code (\d{4}) (\d{4})", words)
    assert address is not None, words
    assert code is not None, words
    base = f"{address[0]}/api/v1"
    with httpx.Client(base_url=base, verify=False, trust_env=False) as http:  # noqa: S501 - its own certificate
        said = http.post("/session", json={"code": code[1] + code[2]}).raise_for_status().json()
        http.headers["Authorization"] = f"Bearer {said['bearer']}"
        yield PageApi(http)
