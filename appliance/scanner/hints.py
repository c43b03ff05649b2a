"""What would help the camera, and a small one-bit picture of what it sees. Judges light and edges, reads nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from appliance.core.events import ScanHint
from appliance.scanner.reading import Corners, Grey, size
from appliance.scanner.region import Region
from appliance.scanner.rungs import Scene

_SHORT, _LONG = 0.4, 0.95  # part of the frame's height that a code should fill
_BETWEEN, _CONTRAST = 0.2, 60  # a code: few pixels between dark and light, and these far apart
_GLARING, _WHITE = 0.5, 252
_STILL, _SHARP, _COARSE = 14.0, 0.42, 16


@dataclass(frozen=True, slots=True)
class Preview:
    """Packed one-bit rows, most significant bit left, 1 = light."""

    width: int
    height: int
    bits: bytes = field(repr=False)


def preview(grey: Grey, width: int, height: int) -> Preview:
    """The whole frame within this size, dark and light about its own middle tone."""
    tall, wide = grey.shape
    scale = min(width / wide, height / tall)
    wanted = max(round(wide * scale), 1), max(round(tall * scale), 1)
    whole = Image.fromarray(grey)
    small = np.asarray(whole.resize(wanted, Image.Resampling.BOX, reducing_gap=1.0))
    low, high = np.percentile(small, (5, 95))
    bits = np.packbits(small > (low + high) / 2, axis=1)
    return Preview(*wanted, bits.tobytes())


class Adviser:
    """Remembers a thumbnail of the frame before, to tell a moving hand from a lens out of focus."""

    def __init__(self) -> None:
        self._before: NDArray[np.int16] | None = None

    def advise(self, scene: Scene, code: Corners | None) -> ScanHint:
        """The one thing to do now. `code` is the place of a code that was found and could not be read."""
        grey, region = scene.grey, scene.region
        thumbnail = np.asarray(Image.fromarray(scene.half).reduce(_COARSE // 2)).astype(np.int16)
        change = self._change(thumbnail)
        self._before = thumbnail
        if region is None:
            return ScanHint.TOO_BRIGHT if thumbnail.mean() > _WHITE - 12 else ScanHint.NONE
        part = grey[region.top : region.bottom, region.left : region.right]
        some = part[::4, ::4]
        if (some >= _WHITE).mean() > _GLARING:
            return ScanHint.TOO_BRIGHT
        if _within(change, region) > _STILL:
            return ScanHint.HOLD_STILL
        distance = _distance(grey, region, code)
        if distance is ScanHint.CLOSER or _sharp(part):
            return distance
        return ScanHint.OUT_OF_FOCUS

    def _change(self, thumbnail: NDArray[np.int16]) -> NDArray[np.int16]:
        if self._before is None or self._before.shape != thumbnail.shape:
            return np.zeros_like(thumbnail)
        change: NDArray[np.int16] = np.abs(thumbnail - self._before)
        return change


def _within(change: NDArray[np.int16], region: Region) -> float:
    """The mean change where the code seems to be: a small code moves little of the whole frame."""
    top, left = region.top // _COARSE, region.left // _COARSE
    part = change[top : region.bottom // _COARSE + 1, left : region.right // _COARSE + 1]
    return float(part.mean())


def _sharp(part: Grey) -> bool:
    """Whether neighbouring pixels differ about as much as pixels three apart do: blur spreads an edge.

    Four rows are taken as one, or the sensor's grain would pass for edges.
    """
    bands = part.shape[0] // 4
    rows = part[: bands * 4].reshape(bands, 4, -1)[:: max(bands // 16, 1)]
    row = rows.astype(np.int16).sum(axis=1) // 4
    if bands == 0 or row.shape[1] < 8:
        return True
    far = _steep(np.abs(row[:, 3:] - row[:, :-3]))
    near = _steep(np.abs(row[:, 1:] - row[:, :-1]))
    return far < 12 or near >= _SHARP * far


def _steep(steps: NDArray[np.int16]) -> int:
    """What one step in a hundred exceeds."""
    place = steps.size * 99 // 100
    return int(np.partition(steps, place, axis=None)[place])


def _distance(grey: Grey, region: Region, code: Corners | None) -> ScanHint:
    height, width = grey.shape
    longer = size(code) if code is not None else region.longer
    if longer < _SHORT * height:
        return ScanHint.CLOSER
    fills = (
        region.right - region.left > _LONG * width and region.bottom - region.top > _LONG * height
    )
    if fills and code is None and _two_toned(grey):
        return ScanHint.FURTHER
    return ScanHint.NONE


def _two_toned(grey: Grey) -> bool:
    """Whether nearly all is dark or light, as in a code and not on a desk."""
    some = grey[::8, ::8]
    low, high = np.percentile(some, (5, 95))
    third = (high - low) / 3
    return bool(
        high - low > _CONTRAST and ((some > low + third) & (some < high - third)).mean() < _BETWEEN
    )
