"""Where a bent code's fixed patterns truly are, and the bend that leads through them. It reads no data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.scanner.rectified import Floats, Rectified, offsets, samples
from appliance.scanner.symbol import alignment_centres, plan

_CLEAR = 0.55  # how well an alignment pattern must show to hold the grid


def anchors(flat: Rectified, version: int) -> tuple[NDArray[np.intp], Floats]:
    """Where finder and alignment patterns truly are: their modules, and how far off each shows."""
    last = flat.side - 1
    finders = np.asarray([(3, 3), (3, last - 3), (last - 3, 3)])
    centres = alignment_centres(version)
    inner = [
        (row, column)
        for row in centres
        for column in centres
        if (row, column) not in {(6, 6), (6, last - 6), (last - 6, 6)}
    ]
    shifts, _ = _matched(flat, version, finders, 3)
    if not inner:
        return finders, shifts
    patterns = np.asarray(inner)
    moved, clear = _matched(flat, version, patterns, 2)
    return np.concatenate([finders, patterns[clear]]), np.concatenate([shifts, moved[clear]])


def _matched(
    flat: Rectified, version: int, places: NDArray[np.intp], reach: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Best shift of each fixed pattern, searched coarsely and then finely, and whether it is clear."""
    span = np.arange(-reach, reach + 1)
    rows, columns = places[:, :1] + span, places[:, 1:] + span
    known = plan(version).fixed[rows[:, :, None], columns[:, None, :]][:, None].astype(np.float32)
    base = np.zeros((len(places), 1, 2), dtype=np.intp)
    for steps in (offsets(3 * flat.pitch, 2), offsets(1, 1)):
        fit = (known * samples(flat, rows, columns, base + steps[None])).mean(axis=(2, 3))
        best = np.argmax(fit - 0.0005 * (steps**2).sum(axis=1), axis=1)
        base = base + steps[best][:, None]
    return base[:, 0].astype(np.float32), fit[np.arange(len(places)), best] > _CLEAR


def bent(places: NDArray[np.intp], shifts: Floats, wanted: NDArray[np.intp]) -> Floats:
    """A thin plate bent through the shifts at these places, read at the wanted ones."""
    count = len(places)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _plate(places, places) + np.eye(count) * 0.5
    system[:count, count:] = np.column_stack([np.ones(count), places])
    system[count:, :count] = system[:count, count:].T
    right = np.zeros((count + 3, 2))
    right[:count] = shifts
    factors = np.linalg.solve(system, right)
    level = np.column_stack([np.ones(len(wanted)), wanted])
    plate = _plate(wanted, places) @ factors[:count] + level @ factors[count:]
    moved: Floats = plate.astype(np.float32)
    return moved


def _plate(left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.float64]:
    square = ((left[:, None, :] - right[None]) ** 2).sum(axis=2).astype(np.float64)
    plate: NDArray[np.float64] = square * np.log(square + 1e-9) * 0.5
    return plate
