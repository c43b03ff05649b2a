"""Ten jittered sequences of hard scenes: how many frames each decoder needs until it reads. Drawn here, from seeds.

A frame is what an unsteady hand gives it: no two are alike, and a decoder that is lucky once has read the sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.scanner.picture import Decoder
from appliance.scanner.reading import Grey, Reading, Suspect
from appliance.scanner.rungs import Scene as Frame
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

FRAMES = 24
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


class Forgetful(Stream):
    """The stream without adding frames up, to see what the adding wins."""

    def _add(self, scene: Frame, suspect: Suspect, rung: str) -> Reading | None:
        return self._decoder.recover(scene.grey, suspect, rung)


@dataclass(frozen=True, slots=True)
class Needed:
    """Frames until read for each sequence; one more than there are when it was never read."""

    frames: tuple[int, ...]

    @property
    def read(self) -> int:
        return sum(count <= FRAMES for count in self.frames)

    @property
    def mean(self) -> float:
        return sum(self.frames) / len(self.frames)


def until_read(see: See, scene: Scene) -> int:
    """The first frame that is read."""
    return next((count for count in range(1, FRAMES + 1) if see(scene.frame(count))), FRAMES + 1)


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
        name: Needed(tuple(until_read(new(), scene) for scene in TEN))
        for name, new in readers.items()
    }


def _see(stream: Stream) -> See:
    return lambda grey: stream.see(grey).reading
