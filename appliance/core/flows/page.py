"""Opening the device page: closed by default, open ten minutes after a long hold (checklist rows 22, 23 and 29)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.effects import ClosePage, OpenPage
from appliance.core.events import Event, PageOpened, Ticked
from appliance.core.flow import Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Lines, Passage, QrPage, Screen, name, text

OPEN_HOLD = 3.0
LARGEST = 47
GROUP, ROW = 4, 4
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:"


@dataclass(frozen=True, slots=True)
class Closed(Mode):
    """The page is closed; a hold of three seconds opens it."""

    settles_at: float

    hold_seconds = OPEN_HOLD


@dataclass(frozen=True, slots=True)
class Open(Mode):
    """The page is open: where it is, the code that lets a browser in, and the mark of its certificate, a tap away."""

    address: str
    code: str = field(repr=False)
    until: float
    fingerprint: str = ""
    marks: bool = False

    awake = True


def start(facts: Facts) -> Turn:
    """Ask for the long hold."""
    return Turn(Closed(facts.now.monotonic))


def asked(facts: Facts) -> Turn | None:
    """Somebody at the USB cable asks: it opens by itself only while there is nothing on this token to guard."""
    if facts.accounts or facts.pins:
        return None
    return Turn(Closed(facts.now.monotonic), (OpenPage(),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Open with a long hold, close with the next one."""
    match mode, event:
        case Closed(), Tapped():
            return Turn(HomeNow())
        case Closed(), Held() if settled(event, mode.settles_at):
            return Turn(mode, (OpenPage(),))
        case Closed(), PageOpened():
            return Turn(Open(event.address, event.code, event.until, event.fingerprint))
        case Open(), Held():
            return Turn(HomeNow(), (ClosePage(),))
        case Open(), Tapped() if mode.fingerprint and not mode.marks:
            return stay(replace(mode, marks=True))
        case Open(), Tapped():
            return Turn(HomeNow())
        case Open(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow(), (ClosePage(),))
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """How to open it, or where it is."""
    match mode:
        case Open() if mode.marks:
            marks = tuple(map(name, _rows(mode.fingerprint)))
            return Screen(text("The certificate"), Passage(marks, 2, 2), hint=text("Tap: home"))
        case Open():
            code = f"{mode.code[:4]} {mode.code[4:]}"
            lines = (name(mode.address), text("Code {digits}", digits=code))
            title = text("Open in the browser")
            if drawable(mode.address):
                body = QrPage(mode.address.upper(), lines)
                return Screen(title, body, hint=text("Hold: close"))
            return Screen(title, Lines(lines), hint=text("Tap: home · Hold: close"))
    lines_closed = (text("Opens the settings"), text("page for 10 minutes"))
    return Screen(text("Device page"), Lines(lines_closed), hint=text("Hold 3 s: open · Tap: no"))


def _rows(fingerprint: str) -> list[str]:
    """The hash as browsers write it, in groups of four digits, four groups a row."""
    groups = [fingerprint[at : at + GROUP] for at in range(0, len(fingerprint), GROUP)]
    return [" ".join(groups[at : at + ROW]) for at in range(0, len(groups), ROW)]


def drawable(address: str) -> bool:
    """Whether the address fits a QR code that a panel can show: version 2, capitals and digits (ISO/IEC 18004).

    Capitals mean the same in the scheme and the host of an address, so it may have nothing else.
    """
    scheme, _, rest = address.upper().partition("://")
    bare = scheme in ("HTTP", "HTTPS") and not set(rest) - set(CAPITALS)
    return bare and len(address) <= LARGEST


MODES = (Closed, Open)
