"""Working second forms of the device's parts: a clock that is set, a panel that remembers, keys that are called."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from appliance.core.clock_trust import Now, Trust
from appliance.core.effects import Light, Sound
from appliance.core.errors import HardwareMissing
from appliance.core.screen import Choices, Digits, Line, Screen, Text
from appliance.hardware.ports import Edge, Frame, Words

WALL = 1_800_000_000.0


class SetClock:
    """Time moves when a test moves it."""

    def __init__(self) -> None:
        self._now = Now(1000.0, WALL, Trust.SYNCED)

    def now(self) -> Now:
        return self._now

    def move(self, seconds: float) -> None:
        self._now = Now(self._now.monotonic + seconds, self._now.wall + seconds, self._now.trust)

    def set_wall(self, wall: float) -> None:
        self._now = replace(self._now, wall=wall)

    def doubt(self) -> None:
        self._now = replace(self._now, trust=Trust.UNKNOWN)

    def confirm(self) -> None:
        self._now = replace(self._now, trust=Trust.SYNCED)

    def set_by_hand(self) -> None:
        self._now = replace(self._now, trust=Trust.SET)


class ScreenPanel:
    """Remembers what it was shown and lets a test wait for words on it."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.frames: list[Frame] = []
        self.missing = False
        self.tries = 0

    def show(self, frame: Frame) -> None:
        with self.changed:
            self.tries += 1
            if self.missing:
                raise HardwareMissing("The panel does not answer")
            self.frames.append(frame)
            self.changed.notify_all()

    def close(self) -> None:
        pass


class WordsPainter:
    """Paints words and no pixels."""

    def paint(self, screen: Screen, language: str, brightness: int = 96) -> Frame:
        body, chosen = screen.body, ""
        if isinstance(body, Choices):
            chosen = _words(body.items[body.chosen])
        if isinstance(body, Digits):
            chosen = body.digits
        said = Words(_words(screen.title), (repr(body), chosen), "", None, language)
        return Frame(8, 1, b"\0", said, brightness, screen.lit)


def _words(line: Line) -> str:
    return line.english if isinstance(line, Text) else line.words


class CalledButtons:
    """Keys that a test presses."""

    def __init__(self) -> None:
        self.on_edge: Callable[[Edge], None] = lambda _: None
        self.dead = False

    def listen(self, on_edge: Callable[[Edge], None]) -> None:
        self.on_edge = on_edge

    def alive(self) -> bool:
        return not self.dead

    def close(self) -> None:
        pass


@dataclass
class Signals:
    """Light and buzzer that remember."""

    lights: list[Light] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)
    closed: int = 0

    def blink(self, light: Light) -> None:
        self.lights.append(light)

    def say(self, sound: Sound) -> None:
        self.sounds.append(sound)

    def close(self) -> None:
        self.closed += 1
