"""The Protocols of the device's parts, named after the thing and not the chip.

Implementations report `HardwareMissing` when a part does not answer; the loop retries, the rules stay calm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from appliance.core.clock_trust import Now
from appliance.core.effects import Light, Sound


@dataclass(frozen=True, slots=True)
class Words:
    """What a frame says, for those who read words instead of pixels (and for the bench)."""

    title: str
    lines: tuple[str, ...]
    hint: str
    bar: float | None
    language: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture for the glass: packed one-bit rows, most significant bit left, 1 = lit pixel."""

    width: int
    height: int
    bits: bytes = field(repr=False)
    words: Words = field(repr=False)
    contrast: int = 96
    lit: bool = True


class Panel(Protocol):
    """The display. Equal frames cost nothing; HardwareMissing means that nobody can see anything now."""

    def show(self, frame: Frame) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Edge:
    """One pin changed: which role of key, whether it is down now, and when in monotonic seconds."""

    role: str
    down: bool
    at: float


class Buttons(Protocol):
    """The keys. `listen` is called once; edges arrive on its own thread, with bounce. `alive`: they can be read now."""

    def listen(self, on_edge: Callable[[Edge], None]) -> None: ...

    def alive(self) -> bool: ...

    def close(self) -> None: ...


class Lamp(Protocol):
    """The one light; it is dark once it is closed, and nothing touches it any more."""

    def blink(self, light: Light) -> None: ...

    def close(self) -> None: ...


class Buzzer(Protocol):
    """The one buzzer; called only when sound is on. It is silent once it is closed."""

    def say(self, sound: Sound) -> None: ...

    def close(self) -> None: ...


class Clock(Protocol):
    """Both clocks and how far to believe them. The only place where time is read.

    `set_by_hand`: a technician has just set it, so until it is synchronised it is believed, and marked.
    """

    def now(self) -> Now: ...

    def set_by_hand(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Every part of one device, for the one place that builds the loop."""

    panel: Panel
    buttons: Buttons
    lamp: Lamp
    buzzer: Buzzer
    clock: Clock
