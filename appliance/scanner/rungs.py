"""The ladder: each rung makes the picture easier in one way and gives it to one decoder.

Ordered by what a rung wins for its time on photographs; `tests/bench/scan.py` prints the wins again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from appliance.scanner import filters
from appliance.scanner.engines import Engine
from appliance.scanner.reading import Grey, Look
from appliance.scanner.region import Region, busiest

# pixels: a region is looked at, or enlarged, to at most this
_CLOSE_UP, _ENLARGED, _REFOCUSED = 700, 900, 320

Change = Callable[[Grey], Grey]


@dataclass(frozen=True, slots=True)
class Part:
    """A picture made from the scene: scaled from the pixel (left, top) on."""

    grey: Grey
    scale: float = 1.0
    left: int = 0
    top: int = 0


class Scene:
    """One frame, and what several rungs need of it, made when first asked for."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey

    @cached_property
    def half(self) -> Grey:
        return filters.halved(self.grey)

    @cached_property
    def region(self) -> Region | None:
        return busiest(self.half, self.grey.shape)

    @cached_property
    def close_up(self) -> Part:
        """The busiest region at its own size, or smaller when it is very large."""
        return self.reduced(_CLOSE_UP)

    def reduced(self, longest: int) -> Part:
        """The busiest region, at most so many pixels long."""
        if self.region is None:
            return Part(self.half, 0.5)
        return self._cut(self.region, min(1.0, longest / self.region.longer))

    def enlarged(self, scale: float) -> Part | None:
        """The busiest region, larger; None when it is large enough, or as large as the frame."""
        if self.region is None or self.region.longer >= max(self.grey.shape):
            return None
        scale = min(scale, _ENLARGED / self.region.longer)
        return self._cut(self.region, scale) if scale >= 1.1 else None

    def _cut(self, region: Region, scale: float) -> Part:
        part = region.cut(self.grey)
        return Part(
            part if scale == 1.0 else filters.resized(part, scale), scale, region.left, region.top
        )


@dataclass(frozen=True, slots=True)
class Rung:
    """`make` prepares the picture (None when there is nothing to prepare); `engine` names who looks.

    `needs` are the seconds without which a picture whose time is short is not given to it.
    """

    name: str
    make: Callable[[Scene], Part | None]
    engine: str = "zxing"
    needs: float = 0.0

    def look(self, scene: Scene, engine: Engine) -> Look:
        """Prepare, look, and name suspects in the scene's own pixels."""
        part = self.make(scene)
        if part is None:
            return Look()
        seen = engine.look(part.grey)
        moved = tuple(s.moved(part.scale, part.left, part.top) for s in seen.suspects)
        return Look(seen.texts, moved)


def _half(name: str, *steps: Change) -> Rung:
    return Rung(f"half {name}".rstrip(), lambda scene: _changed(Part(scene.half, 0.5), steps))


def _region(name: str, *steps: Change) -> Rung:
    return Rung(f"region {name}", lambda scene: _changed(scene.close_up, steps))


def _larger(scale: float, name: str, *steps: Change) -> Rung:
    return Rung(
        f"region x{scale} {name}",
        lambda scene: _changed(scene.enlarged(scale), steps),
        needs=0.003,
    )


def _zbar(rung: Rung, needs: float) -> Rung:
    return replace(rung, engine="zbar", needs=needs)


def _changed(part: Part | None, steps: Iterable[Change]) -> Part | None:
    if part is None:
        return None
    grey = part.grey
    for step in steps:
        grey = step(grey)
    return Part(grey, part.scale, part.left, part.top)


def _threshold(width: int, below: int) -> Change:
    return lambda grey: filters.local_threshold(grey, width // 2, below)


def _sharp(reach: int, amount: int) -> Change:
    return lambda grey: filters.sharpened(grey, reach, amount)


def _soft(grey: Grey) -> Grey:
    return filters.box_mean(grey, 1)


def _refocused(grey: Grey) -> Grey:
    return filters.refocused(grey, 3.2, 8)


LADDER = (
    _half(""),
    _half("threshold 51", _threshold(51, 3)),
    _region("sharp 4 threshold 91", _sharp(4, 3), _threshold(91, 8)),
    _half("threshold 31", _threshold(31, 8)),
    _region("threshold 15", _threshold(15, -3)),
    _half("soft threshold 15", _soft, _threshold(15, -3)),
    _half("soft threshold 9", _soft, _threshold(9, -3)),
    _region("sharp 2", _sharp(2, 2)),
    _half("sharp 4 threshold 9", _sharp(4, 3), _threshold(9, -3)),
    _half("sharp 2", _sharp(2, 2)),
    _region("soft threshold 9", _soft, _threshold(9, -3)),
    _region("sharp 4 threshold 51", _sharp(4, 3), _threshold(51, 3)),
    _larger(1.5, "sharp 4", _sharp(4, 3)),
    _larger(2, "sharp 2", _sharp(2, 2)),
    _zbar(_region("zbar threshold 51", _threshold(51, 3)), 0.010),
    _larger(1.5, "sharp 2 threshold 51", _sharp(2, 2), _threshold(51, 3)),
    _zbar(_half("zbar"), 0.005),
    _larger(1.5, "sharp 8 threshold 91", _sharp(8, 4), _threshold(91, 8)),
    Rung(
        "region refocus",
        lambda scene: _changed(scene.reduced(_REFOCUSED), [_refocused]),
        needs=0.010,
    ),
)
