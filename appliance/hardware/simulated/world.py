"""The world around a simulated device, as a person at the bench sees and moves it.

It holds one frozen `Snapshot` and replaces it on every change; whoever wants to follow waits for the next version.
It knows pins, pixels and pictures, and nothing of accounts, codes or networks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from appliance.core.effects import Light, Sound
from appliance.hardware.rhythms import MELODIES, RHYTHMS, Note, Rhythm, level
from appliance.hardware.simulated.protocol import ClockIs, Moved, PartsAre, Show, Sight

ROLES = ("ok", "back", "next", "up", "down", "left", "right")
QUICKEST = 0.04
_DARK = Sight(0, 640, 480, bytes(640 * 480), plugged=True)
_REMEMBERED = 50
_RIGHT_TIME = ClockIs(0.0, synchronised=True)
_ALL_IN = PartsAre(panel=True, camera=True)

Told = Moved | ClockIs | PartsAre
Listener = Callable[[Told], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing the buzzer said, numbered, at this monotonic time."""

    number: int
    sound: str
    at: float

    @property
    def notes(self) -> tuple[Note, ...]:
        """The melody of it."""
        return MELODIES[Sound(self.sound)]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything about the world at one version."""

    version: int = 0
    powered: bool = True
    glass: Show | None = None
    pattern: str = Light.OFF.value
    pattern_since: float = 0.0
    pattern_number: int = 0
    sounds: tuple[Heard, ...] = ()
    sight: Sight = field(default=_DARK, repr=False)
    cameras: int = 0
    clock: ClockIs = _RIGHT_TIME
    parts: PartsAre = _ALL_IN
    down: frozenset[str] = frozenset()

    @property
    def visible(self) -> Show | None:
        """What an eye sees on the glass: nothing when it is dark, cut off or unplugged."""
        seen = self.glass if self.powered and self.parts.panel else None
        return seen if seen is not None and seen.lit else None

    @property
    def dark(self) -> bool:
        """Whether there is nothing in front of the camera."""
        return self.sight.grey is _DARK.grey

    @property
    def rhythm(self) -> Rhythm:
        """The light's rhythm."""
        return RHYTHMS[Light(self.pattern)]


class World:
    """The one place that changes the snapshot. `pause` waits so many seconds; both it and the clock are given."""

    def __init__(
        self, monotonic: Callable[[], float], pause: Callable[[float], object] | None = None
    ) -> None:
        self._monotonic = monotonic
        self._pause = pause or threading.Event().wait
        self._changed = threading.Condition()
        self._finger = threading.Lock()
        self._last_edge = float("-inf")
        self._listeners: tuple[Listener, ...] = ()
        self._now = Snapshot()

    @property
    def now(self) -> Snapshot:
        """The world at this moment."""
        return self._now

    def wait(self, since: int, seconds: float) -> Snapshot:
        """The world as soon as its version differs from `since`, or after so many seconds as it is."""
        with self._changed:
            self._changed.wait_for(lambda: self._now.version != since, seconds)
            return self._now

    def light_is_on(self) -> bool:
        """Whether the light is lit at this very moment."""
        now = self._now
        elapsed = self._monotonic() - now.pattern_since
        return now.powered and level(now.rhythm, elapsed) > 0

    def monotonic(self) -> float:
        """The time of this world, in the seconds of its `at` and `since` fields."""
        return self._monotonic()

    def attach(self, listener: Listener) -> None:
        """Tell this device the clock and its parts now, and every change from now on."""
        with self._changed:
            self._listeners = (*self._listeners, listener)
            told = self._now
        listener(told.clock)
        listener(told.parts)

    def detach(self, listener: Listener) -> None:
        """This device is gone; the glass keeps what it showed, as a real one does."""
        with self._changed:
            self._listeners = tuple(one for one in self._listeners if one != listener)

    def show(self, glass: Show) -> None:
        """The device drives the glass; what was still on its way when the power was cut is not seen."""
        if self._now.powered:
            self._change(glass=glass)

    def blink(self, pattern: str) -> None:
        """The device drives the light; a rhythm that does not exist is ignored."""
        if pattern in tuple(Light) and self._now.powered:
            with self._changed:
                number = self._now.pattern_number + 1
                since = self._monotonic()
                self._change(pattern=pattern, pattern_since=since, pattern_number=number)

    def say(self, sound: str) -> None:
        """The device drives the buzzer; a sound that does not exist is ignored."""
        if sound not in tuple(Sound) or not self._now.powered:
            return
        with self._changed:
            before = self._now.sounds
            number = before[-1].number + 1 if before else 1
            heard = Heard(number, sound, self._monotonic())
            self._change(sounds=(*before, heard)[-_REMEMBERED:])

    def camera_opened(self) -> None:
        """A camera process looks."""
        with self._changed:
            self._change(cameras=self._now.cameras + 1)

    def camera_closed(self) -> None:
        """It has stopped looking."""
        with self._changed:
            self._change(cameras=self._now.cameras - 1)

    def move(self, role: str, *, down: bool) -> None:
        """A finger moves a key. It is never faster than 40 ms, so no quick tap drowns in the debounce."""
        with self._finger:
            if (role in self._now.down) == down:
                return
            self._pause(max(0.0, self._last_edge + QUICKEST - self._monotonic()))
            self._last_edge = self._monotonic()
            keys = self._now.down
            self._change(down=keys | {role} if down else keys - {role})
            self._tell(Moved(role, down, self._last_edge))

    def hold_before_camera(self, width: int, height: int, grey: bytes) -> None:
        """Put a picture of grey rows in front of the camera, until the next one."""
        with self._changed:
            mark = self._now.sight.mark + 1
            self._change(sight=Sight(mark, width, height, grey, plugged=True))

    def darken_camera(self) -> None:
        """Put a cap on the lens."""
        self.hold_before_camera(_DARK.width, _DARK.height, _DARK.grey)

    def set_clock(self, offset: float, *, synchronised: bool) -> None:
        """Shift the device's wall clock by so many seconds."""
        clock = ClockIs(offset, synchronised)
        self._change(clock=clock)
        self._tell(clock)

    def plug(self, *, panel: bool, camera: bool) -> None:
        """Plug parts in or out."""
        parts = PartsAre(panel, camera)
        self._change(parts=parts)
        self._tell(parts)

    def power(self, *, on: bool) -> None:
        """Cut the power or bring it back: without it glass and light are dark."""
        dark = {"glass": None, "pattern": Light.OFF.value, "pattern_since": self._monotonic()}
        self._change(powered=on, **({} if on else dark))

    def _change(self, **fields: Any) -> None:  # noqa: ANN401 - the fields of Snapshot, checked by replace
        with self._changed:
            self._now = replace(self._now, version=self._now.version + 1, **fields)
            self._changed.notify_all()

    def _tell(self, message: Told) -> None:
        for listener in self._listeners:
            listener(message)
