"""A code's square pulled straight, with its local light taken away, and samples of it module by module."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from appliance.scanner.reading import Corners
from appliance.scanner.symbol import plan

Floats = NDArray[np.float32]
Places = NDArray[np.intp]
MARGIN = 4  # modules kept around the symbol: curled paper leaves its own square


@dataclass(frozen=True, slots=True)
class Rectified:
    """The symbol pulled straight: `signed` is positive where darker than its surroundings, about -1 to 1."""

    pitch: int
    side: int
    signed: Floats


def _coefficients(corners: Corners, first: float, last: float) -> list[float]:
    """Pillow's eight numbers that carry a square onto these corners (top left, then clockwise)."""
    square = ((first, first), (last, first), (last, last), (first, last))
    rows, right = [], []
    for (u, v), (x, y) in zip(square, corners, strict=True):
        rows.append([u, v, 1, 0, 0, 0, -u * x, -v * x])
        rows.append([0, 0, 0, u, v, 1, -u * y, -v * y])
        right += [x, y]
    return [float(c) for c in np.linalg.solve(np.asarray(rows), np.asarray(right))]


def rectify(grey: NDArray[np.uint8], corners: Corners, version: int) -> Rectified:
    """Pull the quadrangle straight and take its local light away. Raises LinAlgError for a degenerate one."""
    side = plan(version).side
    pitch = 6 if side <= 41 else 5
    size = (side + 2 * MARGIN) * pitch
    factors = _coefficients(corners, MARGIN * pitch, (side + MARGIN) * pitch)
    flat = Image.fromarray(grey).transform(
        (size, size), Image.Transform.PERSPECTIVE, factors, Image.Resampling.BILINEAR
    )
    around = np.asarray(flat.filter(ImageFilter.BoxBlur(4 * pitch)))
    centre = np.asarray(flat.filter(ImageFilter.BoxBlur(1)))
    darker = np.subtract(around, centre, dtype=np.int16)
    depth = Image.fromarray(np.abs(darker).astype(np.uint8))
    signed: Floats = darker.astype(np.float32)
    signed /= np.asarray(depth.filter(ImageFilter.BoxBlur(4 * pitch))) + np.float32(2)
    return Rectified(pitch, side, np.clip(signed, -1.5, 1.5, out=signed))


def offsets(reach: int, step: int) -> NDArray[np.intp]:
    steps = np.arange(-reach, reach + 1, step)
    square: NDArray[np.intp] = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    return square.reshape(-1, 2)


def samples(
    flat: Rectified, rows: NDArray[np.intp], columns: NDArray[np.intp], shifts: NDArray[np.intp]
) -> Floats:
    """Windows of modules (n, h) x (n, w), each at several shifts (n, s, 2): an array (n, s, h, w)."""
    limit = len(flat.signed) - 1
    y = pixels(flat, rows)[:, None, :] + shifts[:, :, 0, None]
    x = pixels(flat, columns)[:, None, :] + shifts[:, :, 1, None]
    taken: Floats = flat.signed[
        np.clip(y, 0, limit)[:, :, :, None], np.clip(x, 0, limit)[:, :, None, :]
    ]
    return taken


def pixels(flat: Rectified, modules: NDArray[np.intp]) -> NDArray[np.intp]:
    centred: NDArray[np.intp] = (modules + MARGIN) * flat.pitch + flat.pitch // 2
    return centred
