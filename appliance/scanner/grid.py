"""Lays a bent grid over a code that was found but not read, and takes a soft bit from each module.

The place comes from the first decoder; from there the grid grows outward from the three finder patterns,
so paper that curls is followed. It decides nothing about the text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.scanner.anchors import anchors, bent
from appliance.scanner.rectified import Floats, Rectified, offsets, pixels, samples
from appliance.scanner.symbol import plan

_REACH = 2  # a node looks at 5 x 5 modules


class _Growth:
    """The displacement of each node, in pixels of the rectified picture, while it grows."""

    def __init__(self, flat: Rectified, version: int) -> None:
        self._flat = flat
        count = round((flat.side - 7) / (3 if flat.side < 60 else 4.5)) + 1
        self.nodes = np.rint(np.linspace(3, flat.side - 4, count)).astype(np.intp)
        self._fixed = plan(version).fixed.astype(np.float32)
        self.solved = np.zeros((count, count), dtype=np.bool_)
        places, shifts = anchors(flat, version)
        grid = np.stack(np.meshgrid(self.nodes, self.nodes, indexing="ij"), axis=-1)
        self._bend = bent(places, shifts, grid.reshape(-1, 2)).reshape(count, count, 2)
        self.shift = self._bend.copy()
        near = np.abs(grid[:, :, None, :] - places[None, None]).max(axis=3).min(axis=2)
        self.search(np.argwhere(near <= 2), 2, 0.2)

    def search(self, where: NDArray[np.intp], reach: int, pull: float) -> None:
        """Move these nodes (rows of node indices) to the best fit within `reach` pixels of where they are."""
        steps = offsets(reach, 1)
        span = np.arange(-_REACH, _REACH + 1)
        limit = self._flat.side - 1
        rows = np.clip(self.nodes[where[:, 0]][:, None] + span, 0, limit)
        columns = np.clip(self.nodes[where[:, 1]][:, None] + span, 0, limit)
        base = np.rint(self.shift[where[:, 0], where[:, 1]]).astype(np.intp)
        known = self._fixed[rows[:, :, None], columns[:, None, :]][:, None]
        sample = samples(self._flat, rows, columns, base[:, None, :] + steps[None])
        fit = np.where(known != 0, known * sample * 1.5, np.abs(sample)).sum(axis=(2, 3))
        fit -= pull * (steps**2).sum(axis=1)[None, :]
        best = steps[np.argmax(fit, axis=1)]
        self.shift[where[:, 0], where[:, 1]] = base + best
        self.solved[where[:, 0], where[:, 1]] = True

    def ring(self) -> NDArray[np.intp]:
        """The unsolved nodes next to solved ones, each moved off the bend as its solved neighbours are."""
        weight = _around(self.solved.astype(np.float32)[:, :, None])[:, :, 0]
        border = (weight > 0) & ~self.solved
        total = _around((self.shift - self._bend) * self.solved[:, :, None])
        self.shift[border] += total[border] / weight[border][:, None]
        return np.argwhere(border)

    def smooth(self) -> None:
        """Let every node lean on its neighbours, about the bend."""
        off = self.shift - self._bend
        self.shift = self._bend + _around(off) / _around(np.ones_like(off[:, :, :1]))


def _around(field: Floats) -> Floats:
    """Sum over each node and its eight neighbours."""
    padded = np.pad(field, ((1, 1), (1, 1), (0, 0)))
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    total: Floats = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    return total


def soft_modules(flat: Rectified, version: int) -> Floats:
    """One number a module: positive is dark, near zero is doubtful."""
    growth = _Growth(flat, version)
    while len(front := growth.ring()):
        growth.search(front, 2, 0.4)
    growth.smooth()
    growth.search(np.argwhere(growth.solved), 1, 0.2)
    growth.smooth()
    return _sampled(flat, growth)


def _sampled(flat: Rectified, growth: _Growth) -> Floats:
    side = flat.side
    shift = np.stack(
        [_spread(growth.shift[:, :, axis], growth.nodes, side) for axis in (0, 1)], axis=-1
    )
    centre = pixels(flat, np.arange(flat.side))
    limit = len(flat.signed) - 1
    y = np.clip(np.rint(centre[:, None] + shift[:, :, 0]).astype(np.intp), 0, limit)
    x = np.clip(np.rint(centre[None, :] + shift[:, :, 1]).astype(np.intp), 0, limit)
    taken: Floats = flat.signed[y, x]
    return taken


def _spread(field: Floats, nodes: NDArray[np.intp], side: int) -> Floats:
    """Node values spread over all modules, straight between nodes and level beyond them."""
    modules = np.clip(np.arange(side), nodes[0], nodes[-1])
    left = np.clip(np.searchsorted(nodes, modules, side="right") - 1, 0, len(nodes) - 2)
    part: Floats = ((modules - nodes[left]) / (nodes[left + 1] - nodes[left])).astype(np.float32)
    rows: Floats = field[left] * (1 - part)[:, None] + field[left + 1] * part[:, None]
    spread: Floats = rows[:, left] * (1 - part)[None, :] + rows[:, left + 1] * part[None, :]
    return spread
