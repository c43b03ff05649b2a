"""Where in the picture something like a code is: many edges close together. It reads nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from appliance.scanner.reading import Grey

_STEP = 8  # pixels of the picture for one of the map
_Run = tuple[int, int, int]  # row, first column, column after the last


@dataclass(frozen=True, slots=True)
class Region:
    """A box of pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, grey: Grey) -> Grey:
        """This part of the picture, with its own memory."""
        return np.ascontiguousarray(grey[self.top : self.bottom, self.left : self.right])

    @property
    def longer(self) -> int:
        """The longer side in pixels."""
        return max(self.right - self.left, self.bottom - self.top)


def busiest(half: Grey, shape: tuple[int, ...]) -> Region | None:
    """The connected part with the most edges, a tenth wider on each side; None in a flat picture.

    `half` is the picture at half its size; the region is in pixels of the whole one, which has this shape.
    """
    energy = _energy(half)
    peak = np.unravel_index(int(np.argmax(energy)), energy.shape)
    if energy[peak] < 4:
        return None
    rows, starts, ends = np.asarray(_joined(energy > 0.45 * energy[peak], peak)).T
    top, bottom, left, right = rows.min(), rows.max(), starts.min(), ends.max() - 1
    height, width = shape
    margin = int(max(bottom - top, right - left)) * _STEP // 8 + _STEP
    return Region(
        max(int(left) * _STEP - margin, 0),
        max(int(top) * _STEP - margin, 0),
        min((int(right) + 1) * _STEP + margin, width),
        min((int(bottom) + 1) * _STEP + margin, height),
    )


def _energy(half: Grey) -> Grey:
    """How strong the edges are around each square of eight pixels."""
    here, right, below = half[:-1, :-1], half[:-1, 1:], half[1:, :-1]
    across = np.maximum(here, right) - np.minimum(here, right)
    down = np.maximum(here, below) - np.minimum(here, below)
    edges = across + np.minimum(down, 255 - across)
    level = Image.fromarray(edges).reduce(_STEP // 2)
    return np.asarray(level.filter(ImageFilter.BoxBlur(2)))


def _joined(busy: NDArray[np.bool_], place: tuple[np.intp, ...]) -> list[_Run]:
    """The part of `busy` that hangs together with this place, also by corners, as runs of its rows."""
    edges = np.diff(busy.astype(np.int8), axis=1, prepend=0, append=0)
    rows, starts = (axis.tolist() for axis in np.nonzero(edges == 1))
    ends = np.nonzero(edges == -1)[1].tolist()
    apart: dict[int, list[_Run]] = {}
    for run in zip(rows, starts, ends, strict=True):
        apart.setdefault(run[0], []).append(run)
    joined: list[_Run] = []
    front = _touching(apart, int(place[0]), int(place[1]), int(place[1]))
    while front:
        row, start, end = front.pop()
        joined.append((row, start, end))
        front += _touching(apart, row - 1, start, end) + _touching(apart, row + 1, start, end)
    return joined


def _touching(apart: dict[int, list[_Run]], row: int, start: int, end: int) -> list[_Run]:
    """Take the runs of this row that reach these columns, or touch them."""
    there = apart.get(row, [])
    taken = [run for run in there if run[1] <= end and start <= run[2]]
    if taken:
        apart[row] = [run for run in there if run not in taken]
    return taken
