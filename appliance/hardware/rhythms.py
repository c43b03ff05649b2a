"""What the light and the buzzer do, as data: the meaning is in the rhythm, never in a colour.

The real lamp and the simulated one read the same table, so a person sees the same thing. Nothing here waits.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.effects import Light, Sound


@dataclass(frozen=True, slots=True)
class Beat:
    """A brightness from 0.0 to 1.0, kept for so many seconds."""

    level: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Beats in order; played for ever, or once and then the last level stays."""

    beats: tuple[Beat, ...]
    again: bool = False


def _beats(*pairs: tuple[float, float]) -> tuple[Beat, ...]:
    return tuple(Beat(level, seconds) for level, seconds in pairs)


RHYTHMS: dict[Light, Rhythm] = {
    Light.OFF: Rhythm(_beats((0, 0))),
    Light.WAITING: Rhythm(_beats((1, 0.12), (0, 0.16), (1, 0.12), (0, 0.6)), again=True),
    Light.HOLDING: Rhythm(tuple(Beat(step / 10, 0.1) for step in range(2, 11))),
    Light.DONE: Rhythm(_beats((1, 1.0), (0, 0))),
    Light.REFUSED: Rhythm(_beats((1, 0.12), (0, 0.12), (1, 0.12), (0, 0.12), (1, 0.12), (0, 0))),
    Light.DOUBT: Rhythm(_beats((1, 0.1), (0, 4.9)), again=True),
    Light.RESET: Rhythm(_beats((1, 0.125), (0, 0.125)), again=True),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A tone in hertz, or silence (0), for so many seconds."""

    hertz: float
    seconds: float


MELODIES: dict[Sound, tuple[Note, ...]] = {
    Sound.REQUEST: (Note(660, 0.12), Note(0, 0.06), Note(880, 0.16)),
    Sound.TICK: (Note(440, 0.02),),
    Sound.DONE: (Note(1320, 0.5),),
    Sound.REFUSED: (Note(220, 0.18), Note(0, 0.08), Note(165, 0.3)),
}


def level(rhythm: Rhythm, elapsed: float) -> float:
    """The brightness so many seconds after the rhythm began."""
    length = sum(beat.seconds for beat in rhythm.beats)
    at = elapsed % length if rhythm.again else elapsed
    for beat in rhythm.beats:
        if at < beat.seconds:
            return beat.level
        at -= beat.seconds
    return rhythm.beats[-1].level
