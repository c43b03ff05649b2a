"""A whole virtual token beside the real server: all its processes, driven through the bench API as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.interop.administrator import PrivacyIdea, Token
from tests.story.house import qr
from tests.tour.hands import Hands
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

    def links(self, made: Token) -> None:
        """The whole enrolment of a token that the server has just made."""
        self.camera_reads(made.url)
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
