"""A technician tries one part by eye and hand: a pattern on the panel, each key as it is pressed, the camera.

While it lasts no press means anything else; it ends by itself after a minute, or when the technician's line says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.events import Event, FrameSeen, Ticked
from appliance.core.flow import Facts, HomeNow, Mode, Turn, stay
from appliance.core.screen import Lines, Screen, Viewfinder, name, text
from appliance.core.wishes import KeySeen, TryAsked

TRIAL_SECONDS = 60.0
PARTS = ("panel", "keys", "camera")
WIDTH, HEIGHT = 72, 60
EVEN, ODD = bytes((0xF0,) * (WIDTH // 8)), bytes((0x0F,) * (WIDTH // 8))
FULL, EDGE = bytes((0xFF,) * (WIDTH // 8)), bytes((0x80, *((0,) * (WIDTH // 8 - 2)), 0x01))


@dataclass(frozen=True, slots=True)
class Trying(Mode):
    """The part that is tried, and the keys that were seen, in their order."""

    part: str
    until: float
    seen: tuple[str, ...] = ()
    frame: FrameSeen | None = None

    awake = True


def start(part: str, facts: Facts) -> Turn:
    """Try this part."""
    return Turn(Trying(part, facts.now.monotonic + TRIAL_SECONDS))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Collect what is seen; presses mean nothing."""
    match mode, event:
        case Trying(part="keys"), KeySeen() if event.role not in mode.seen:
            return stay(replace(mode, seen=(*mode.seen, event.role)))
        case Trying(part="camera"), FrameSeen():
            return stay(replace(mode, frame=event))
        case Trying(), TryAsked():
            return Turn(HomeNow())
        case Trying(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow())
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """The pattern, the keys so far, or what the camera sees."""
    assert isinstance(mode, Trying)
    if mode.part == "keys":
        keys = name(" ".join(mode.seen))
        return Screen(text("Key test"), Lines((text("Press each key"), keys), big=True))
    if mode.part == "panel":
        body = Viewfinder(WIDTH, HEIGHT, pattern(), text("Even squares?"))
        return Screen(text("Panel test"), body)
    seen, hint = mode.frame, text("Hold up the code")
    body = (
        Viewfinder(seen.width, seen.height, seen.bits, hint)
        if seen
        else Viewfinder(0, 0, b"", hint)
    )
    return Screen(text("Camera test"), body)


def pattern() -> bytes:
    """Even squares in a frame, as packed one-bit rows: a dead row, a wrong offset or a wrong driver shows."""
    squares = [EVEN if row // 4 % 2 == 0 else ODD for row in range(HEIGHT - 4)]
    return b"".join([FULL, EDGE, *squares, EDGE, FULL])


MODES = (Trying,)
