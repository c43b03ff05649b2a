"""The messages on `world.sock`, between the device's simulated parts and the world around them.

They carry only what pins, glass and lens would: light, edges, pixels, and the words a person reads on the glass.
The camera's connection asks for one frame at a time; the device's connection attaches once and is told of edges.
"""

from __future__ import annotations

import msgspec

CAP = 16 * 1024 * 1024
SOCKET = "world.sock"


class Attach(msgspec.Struct, frozen=True, tag="attach"):
    """Device: tell me the clock and every edge from now on."""


class Show(msgspec.Struct, frozen=True, tag="show"):
    """Device: the glass shows these packed one-bit rows, and these words (`bar` from 0.0 to 1.0)."""

    width: int
    height: int
    bits: bytes
    title: str
    lines: tuple[str, ...]
    hint: str
    bar: float | None
    language: str
    contrast: int
    lit: bool

    def __repr__(self) -> str:
        return "Show(…)"


class Blink(msgspec.Struct, frozen=True, tag="blink"):
    """Device: the light goes into this rhythm (a value of `core.effects.Light`)."""

    pattern: str


class Say(msgspec.Struct, frozen=True, tag="say"):
    """Device: the buzzer says this once (a value of `core.effects.Sound`)."""

    sound: str


class Glance(msgspec.Struct, frozen=True, tag="glance"):
    """Camera: what is there to see? `known` is the mark of the sight it has already."""

    known: int


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """World: a key of this role changed, at this time on the machine's monotonic clock."""

    role: str
    down: bool
    at: float


class ClockIs(msgspec.Struct, frozen=True, tag="clock"):
    """World: the device's wall clock is so many seconds ahead, and whether a time server confirmed it."""

    offset: float
    synchronised: bool


class PartsAre(msgspec.Struct, frozen=True, tag="parts"):
    """World: which parts are plugged in."""

    panel: bool
    camera: bool


class Sight(msgspec.Struct, frozen=True, tag="sight"):
    """World: what is in front of the camera as grey rows; empty when the camera knows this mark already.

    `plugged` is False when the camera's cable is out.
    """

    mark: int
    width: int
    height: int
    grey: bytes
    plugged: bool

    def __repr__(self) -> str:
        return "Sight(…)"


FromDevice = Attach | Show | Blink | Say | Glance
ToDevice = Moved | ClockIs | PartsAre
