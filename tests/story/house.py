"""A whole house for one story: portal and token as their own commands start them, and a person who lives in it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import segno

from tests.story.visitor import Visitor
from tests.tour.hands import Hands
from tests.tour.servers import BIN, Server, serving

NAME, DISPLAY, PASSWORD, PHONE = "jan", "Jan de Boer", "een-paard-in-de-gang-7", "+31 6 12345612"


@dataclass
class House:
    """The two servers, eyes and hands, and a visitor of the portal."""

    folder: Path
    portal: Server
    token: Server
    hands: Hands
    visitor: Visitor
    link_seen: str = ""

    def camera_reads(self, text: str) -> None:
        """Hold for the camera and put a code with this text in front of it."""
        self.hands.camera_dark()
        self.hands.hold()
        self.hands.sees("Camera aan")
        self.hands.camera_sees(qr(text))

    def is_linked(self) -> None:
        """The whole enrolment, by the camera and the button."""
        self.reaches_dial()
        self.hands.dial(self.visitor.confirm_code())
        self.hands.sees("Koppeling gereed")
        self.hands.settle()
        self.hands.tap()
        self.hands.sees_a_code()

    def asks(self) -> None:
        """The password is right; the request comes to the panel."""
        self.visitor.signs_in(NAME, PASSWORD)
        self.hands.sees("Logt u in?")

    def approves(self, number: str) -> None:
        """Yes, with this number."""
        self.hands.settle()
        self.hands.nudge_to("▸ Ja")
        self.hands.hold()
        self.hands.sees("Kies het nummer")
        self.hands.dial(number)

    def reaches_offer(self) -> None:
        """First factor, QR in the camera, and the offer on the panel."""
        self.visitor.signs_in(NAME, PASSWORD)
        self.link_seen = self.visitor.link()
        self.camera_reads(self.link_seen)
        self.hands.sees("Account koppelen?")
        self.hands.settle()

    def reaches_dial(self) -> None:
        """The offer is accepted, and the code from the SMS is asked for."""
        self.reaches_offer()
        self.hands.hold()
        self.hands.sees("Voer de code in")
        self.hands.settle()

    def log(self) -> str:
        """Everything that both servers and every process of the device have said."""
        logs = (path.read_text(errors="replace") for path in self.files() if path.suffix == ".log")
        return "\n".join([self.portal.log(), self.token.log(), *logs])

    def files(self) -> Iterator[Path]:
        """Every file that portal and token have written."""
        return (path for path in self.folder.rglob("*") if path.is_file())


def qr(text: str) -> bytes:
    """A picture of a QR code with this text."""
    held = io.BytesIO()
    segno.make(text, error="l", micro=False).save(held, kind="png", scale=6, border=6)
    return held.getvalue()


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Portal and token in this folder, with one person who may sign in."""
    add_person(folder / "portal", NAME, DISPLAY, PHONE, PASSWORD)
    portal = serving(
        str(BIN / "desk-portal"), "serve", "--data", str(folder / "portal"), "--port", "0"
    )
    token = serving(
        str(BIN / "desk-token"), "bench", "--data", str(folder / "token"), "--port", "0"
    )
    with portal as portal_server, token as token_server:
        hands, visitor = Hands(token_server.url), Visitor(portal_server.url)
        hands.sees("Scan uw QR-code")
        yield House(folder, portal_server, token_server, hands, visitor)
        hands.close()
        visitor.close()


def add_person(
    data: Path, name: str, display: str, phone: str, password: str, match: str = "number"
) -> None:
    """Add somebody to the portal in this folder, with the portal's own command."""
    command = [str(BIN / "desk-portal"), "user", "add", "--data", str(data), "--display", display]
    words = ["--phone", phone, "--match", match, "--password-stdin", name]
    subprocess.run(
        [*command, *words], input=f"{password}\n", text=True, check=True, capture_output=True
    )


def service_desk(data: Path, *words: str) -> str:
    """The service desk's own command on this portal, also while it runs; what it said."""
    command = [str(BIN / "desk-portal"), *words, "--data", str(data)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
