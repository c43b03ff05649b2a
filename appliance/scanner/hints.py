"""What would help the camera, and a small one-bit picture of what it sees. Judges light and edges, reads nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from appliance.core.events import ScanHint
from appliance.scanner.reading import Corners, Grey, size
from appliance.scanner.region import Region

_SHORT, _LONG = 0.4, 0.97  # part of the frame's height that a code should fill
_GLARING, _WHITE = 0.25, 252
_STILL, _SHARP = 14.0, 0.42


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
    small = np.asarray(Image.fromarray(grey).resize(wanted, Image.Resampling.BOX))
    low, high = np.percentile(small, (5, 95))
    bits = np.packbits(small > (low + high) / 2, axis=1)
    return Preview(*wanted, bits.tobytes())


class Adviser:
    """Remembers a thumbnail of the frame before, to tell a moving hand from a lens out of focus."""

    def __init__(self) -> None:
        self._before: NDArray[np.int16] | None = None

    def advise(self, grey: Grey, region: Region | None, code: Corners | None) -> ScanHint:
        """The one thing to do now. `code` is the place of a code that was found and could not be read."""
        thumbnail = np.asarray(Image.fromarray(grey).reduce(16)).astype(np.int16)
        moved = self._moved(thumbnail)
        self._before = thumbnail
        if region is None:
            return ScanHint.TOO_BRIGHT if thumbnail.mean() > _WHITE - 12 else ScanHint.NONE
        part = grey[region.top : region.bottom, region.left : region.right]
        if (part >= _WHITE).mean() > _GLARING and np.median(part) >= _WHITE:
            return ScanHint.TOO_BRIGHT
        if moved > _STILL:
            return ScanHint.HOLD_STILL
        if not _sharp(part):
            return ScanHint.OUT_OF_FOCUS
        return _distance(grey, region, code)

    def _moved(self, thumbnail: NDArray[np.int16]) -> float:
        if self._before is None or self._before.shape != thumbnail.shape:
            return 0.0
        return float(np.abs(thumbnail - self._before).mean())


def _sharp(part: Grey) -> bool:
    """Whether neighbouring pixels differ about as much as pixels three apart do: blur spreads an edge."""
    row = part[:: max(part.shape[0] // 64, 1)].astype(np.int16)
    if row.shape[1] < 8:
        return True
    far = np.percentile(np.abs(row[:, 3:] - row[:, :-3]), 99)
    near = np.percentile(np.abs(row[:, 1:] - row[:, :-1]), 99)
    return bool(far < 12 or near >= _SHARP * far)


def _distance(grey: Grey, region: Region, code: Corners | None) -> ScanHint:
    height, width = grey.shape
    longer = size(code) if code is not None else region.longer
    if longer < _SHORT * height:
        return ScanHint.CLOSER
    fills = (
        region.right - region.left > _LONG * width and region.bottom - region.top > _LONG * height
    )
    return ScanHint.FURTHER if fills and code is None else ScanHint.NONE
