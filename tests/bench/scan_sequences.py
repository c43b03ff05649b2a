"""Ten jittered sequences of hard scenes: how many frames each decoder needs until it reads. Drawn here, from seeds.

A frame is what an unsteady hand gives it: no two are alike, and a decoder that is lucky once has read the sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from appliance.scanner.picture import Decoder
from appliance.scanner.reading import Grey, Suspect
from appliance.scanner.recovery import Sights, Soft
from appliance.scanner.stream import Stream
from appliance.scanner.zbar import Zbar
from tests.scanner.scenes import (
    LINK,
    LONG,
    Scene,
    bent,
    blurred,
    dim,
    glaring,
    moire,
    smeared,
    tilted,
)

FRAMES, GRAINY_FRAMES = 24, 36
GRAINS = (130.0, 140.0)  # the code's own contrast is 185
See = Callable[[Grey], object]
TEN = (
    Scene("bent paper", LONG, lambda grey, hand: bent(grey, 31 * hand)),
    Scene("tilted", LONG, lambda grey, hand: tilted(grey, 0.12 * hand)),
    Scene("glare", LINK, lambda grey, hand: glaring(grey, 100 * hand)),
    Scene("out of focus", LINK, lambda grey, hand: blurred(grey, 4.3 * hand), 0.5),
    Scene("low light", LINK, lambda grey, hand: dim(blurred(grey, 2 * hand), 0.06), 2.5),
    Scene("a moving hand", LINK, lambda grey, hand: smeared(grey, round(13 * hand))),
    Scene("much noise", LONG, lambda grey, _: grey, 90.0),
    Scene("noise out of focus", LONG, lambda grey, hand: blurred(grey, 1.2 * hand), 60.0),
    Scene(
        "glare on bent paper", LINK, lambda grey, hand: glaring(bent(grey, 20 * hand), 70 * hand)
    ),
    Scene("moiré", LONG, lambda grey, hand: moire(grey, 85 * hand)),
)


class Alone(Sights):
    """Keeps no earlier sight, and no place."""

    def with_this(self, now: Soft, _place: Suspect) -> Soft:
        return now


class Forgetful(Stream):
    """The stream without adding frames up, to see what the adding wins."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__(decoder)
        self._sights = Alone()


@dataclass(frozen=True, slots=True)
class Needed:
    """Frames until read for each sequence; one more than there are when it was never read."""

    frames: tuple[int, ...]
    most: int = FRAMES

    @property
    def read(self) -> int:
        return sum(count <= self.most for count in self.frames)

    @property
    def mean(self) -> float:
        return sum(self.frames) / len(self.frames)


def until_read(see: See, frames: Iterable[Grey], most: int = FRAMES) -> int:
    """The first frame that is read."""
    return next((count for count, grey in enumerate(frames, 1) if see(grey)), most + 1)


def in_the_grain(grain: float, seed: int) -> Iterator[Grey]:
    """A dense code whose grain is as deep as seven tenths of its contrast, held by a hand that trembles."""
    scene = Scene("a dense code in the grain", LONG, lambda grey, _: grey, grain)
    for count in range(1, GRAINY_FRAMES + 1):
        chance = np.random.default_rng([seed, count])
        tremble = tuple(int(step) for step in chance.integers(-3, 4, 2))
        yield np.roll(scene.frame(1000 * seed + count), tremble, axis=(0, 1))


def added_up(decoder: Decoder) -> dict[str, Needed]:
    """Sequences in which the place of a code shows before its modules do, with and without adding frames up."""
    sequences = [list(in_the_grain(grain, seed)) for grain in GRAINS for seed in range(8)]
    return {
        name: Needed(
            tuple(until_read(_see(new(decoder)), one, GRAINY_FRAMES) for one in sequences),
            GRAINY_FRAMES,
        )
        for name, new in (("ours", Stream), ("without adding up", Forgetful))
    }


def needed(decoder: Decoder) -> dict[str, Needed]:
    """Every decoder on the same frames of the same ten sequences."""
    zbar = Zbar()
    readers: dict[str, Callable[[], See]] = {
        "ours": lambda: _see(Stream(decoder)),
        "without adding up": lambda: _see(Forgetful(decoder)),
        "zxing": lambda: lambda grey: decoder.zxing.look(grey).texts,
        "pyzbar": lambda: lambda grey: zbar.look(grey).texts,
    }
    return {
        name: Needed(tuple(until_read(new(), _frames(scene)) for scene in TEN))
        for name, new in readers.items()
    }


def _see(stream: Stream) -> See:
    return lambda grey: stream.see(grey).reading


def _frames(scene: Scene) -> Iterator[Grey]:
    return (scene.frame(count) for count in range(1, FRAMES + 1))
