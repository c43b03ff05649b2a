"""Panel, keys, light, buzzer and clock of a device that has none: each one talks to the world on the other side.

They keep the promises of `hardware/ports.py` and nothing more; the rules cannot tell them from the real ones.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from appliance.core.clock_trust import Now, Trust
from appliance.core.effects import Light, Sound
from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Edge, Frame
from appliance.hardware.simulated.link import WorldLink
from appliance.hardware.simulated.protocol import Blink, Say, Show


class SimulatedPanel:
    """The glass on the bench. An equal frame is not sent again."""

    def __init__(self, link: WorldLink) -> None:
        self._link = link
        self._shown: Frame | None = None

    def show(self, frame: Frame) -> None:
        """Show this frame. Raises HardwareMissing when the world or the panel's cable is out."""
        if not self._link.parts.panel:
            self._shown = None
            raise HardwareMissing("The panel does not answer")
        if frame == self._shown:
            return
        self._shown = None
        self._link.send(_message(frame))
        self._shown = frame

    def close(self) -> None:
        """Hang up."""
        self._link.close()


def _message(frame: Frame) -> Show:
    words = frame.words
    return Show(
        frame.width,
        frame.height,
        frame.bits,
        words.title,
        words.lines,
        words.hint,
        words.bar,
        words.language,
        frame.contrast,
        frame.lit,
    )


class SimulatedButtons:
    """The keys on the bench."""

    def __init__(self, link: WorldLink) -> None:
        self._link = link

    def listen(self, on_edge: Callable[[Edge], None]) -> None:
        """Report every edge, with the time at which the world moved the key."""
        self._link.listen(on_edge)

    def alive(self) -> bool:
        """Whether somebody still listens to the world."""
        return self._link.alive

    def close(self) -> None:
        """Hang up."""
        self._link.close()


class SimulatedLamp:
    """The light on the bench; nobody there is nobody who sees it."""

    def __init__(self, link: WorldLink) -> None:
        self._link = link

    def blink(self, light: Light) -> None:
        """Put the light in this rhythm."""
        with contextlib.suppress(HardwareMissing):
            self._link.send(Blink(light.value))

    def close(self) -> None:
        """Leave it dark."""
        self.blink(Light.OFF)


class SimulatedBuzzer:
    """The buzzer on the bench; nobody there is nobody who hears it."""

    def __init__(self, link: WorldLink) -> None:
        self._link = link

    def say(self, sound: Sound) -> None:
        """Say this once."""
        with contextlib.suppress(HardwareMissing):
            self._link.send(Say(sound.value))

    def close(self) -> None:
        """What was said is said; the world plays no tune on."""


class SimulatedClock:
    """This machine's clocks, shifted by the world; without its word the time is not believed."""

    def __init__(
        self, link: WorldLink, monotonic: Callable[[], float], wall: Callable[[], float]
    ) -> None:
        self._link = link
        self._monotonic = monotonic
        self._wall = wall
        self._by_hand: float | None = None

    def now(self) -> Now:
        """Both clocks, and how far the world lets us believe them."""
        told = self._link.clock
        if told.synchronised:
            self._by_hand = None
        believed = Trust.SET if self._by_hand == told.offset else Trust.UNKNOWN
        trust = Trust.SYNCED if told.synchronised else believed
        return Now(self._monotonic(), self._wall() + told.offset, trust)

    def set_by_hand(self) -> None:
        """Somebody set this time by hand; it counts until the world moves it."""
        self._by_hand = self._link.clock.offset
