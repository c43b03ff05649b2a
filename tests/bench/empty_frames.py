"""Frames on which nothing may be read: grain, print, bars, other kinds of code, and symbols that are not whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import segno
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from appliance.scanner.reading import Grey
from appliance.scanner.symbol import format_places, format_word, plan

Dark = NDArray[np.bool_]
SHAPE = (240, 320)
INK, PAPER = 40, 225


def grain(chance: np.random.Generator) -> Grey:
    """Noise of every coarseness and depth."""
    small = chance.integers(0, 256, SHAPE, dtype=np.uint8)
    soft = Image.fromarray(small).filter(
        ImageFilter.GaussianBlur(float(chance.choice([0.0, 0.7, 1.5, 3.0])))
    )
    depth = chance.uniform(0.1, 3)
    return np.clip((np.asarray(soft).astype(float) - 128) * depth + 128, 0, 255).astype(np.uint8)


def blocks(chance: np.random.Generator) -> Grey:
    """Black and white squares at random: as dense as a code, and without any of its patterns."""
    return _placed(chance.random((60, 60)) < 0.5, chance)


def words(chance: np.random.Generator) -> Grey:
    """A page of print."""
    page = np.zeros((90, 120), dtype=np.bool_)
    for top in range(2, 86, 6):
        page[top : top + 4] = chance.random((4, 120)) < 0.45
        page[top : top + 4, chance.random(120) < 0.15] = False
    return _placed(page, chance)


def bars(chance: np.random.Generator) -> Grey:
    """A bar code."""
    widths = chance.integers(1, 5, 60)
    line = np.repeat(np.arange(60) % 2 == 0, widths)
    return _placed(np.tile(line, (50, 1)), chance)


def matrix(chance: np.random.Generator) -> Grey:
    """A Data Matrix: two solid edges, two dotted ones, and data."""
    side = int(chance.choice([16, 24, 32, 44]))
    dark = chance.random((side, side)) < 0.5
    dark[:, 0] = dark[-1] = True
    dark[0] = np.arange(side) % 2 == 0
    dark[:, -1] = np.arange(side) % 2 == 1
    return _placed(dark, chance)


def rings(chance: np.random.Generator) -> Grey:
    """An Aztec code: rings around its middle, and data."""
    side = int(chance.choice([23, 31, 41]))
    axis = np.abs(np.arange(side) - side // 2)
    ring = np.maximum(axis[:, None], axis[None, :])
    return _placed(np.where(ring < 7, ring % 2 == 0, chance.random((side, side)) < 0.5), chance)


def micro(chance: np.random.Generator) -> Grey:
    """A Micro QR code, which is not asked for."""
    code = segno.make_micro(str(int(chance.integers(10**6))))
    return _placed(np.asarray([list(row) for row in code.matrix], dtype=np.bool_), chance)


def hollow(chance: np.random.Generator) -> Grey:
    """Every fixed pattern of a code and its format word, and random modules for data."""
    layout = plan(int(chance.integers(1, 11)))
    dark = chance.random((layout.side, layout.side)) < 0.5
    dark[layout.fixed != 0] = layout.fixed[layout.fixed != 0] > 0
    word = format_word(str(chance.choice(list("LMQH"))), int(chance.integers(8)))
    for copy in format_places(layout.side):
        for bit, place in enumerate(copy):
            dark[place] = bool(word >> 14 - bit & 1)
    return _placed(dark, chance)


def part(chance: np.random.Generator) -> Grey:
    """A code of which a third to a half is cut away: more than any check can carry."""
    secret = "".join(chance.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 60))
    code = segno.make(f"otpauth://totp/x?secret={secret}", error="l", micro=False)
    dark = np.asarray([list(row) for row in code.matrix], dtype=np.bool_)
    kept = dark[: int(len(dark) * chance.uniform(0.5, 0.66))]
    return _placed(np.rot90(kept, int(chance.integers(4))), chance)


def _placed(dark: Dark, chance: np.random.Generator) -> Grey:
    """Printed somewhere, turned and slanted, dark or light, a little soft, with grain."""
    whole = Image.fromarray(np.where(np.pad(dark, 4), INK, PAPER).astype(np.uint8))
    scale = chance.uniform(2.0, 5.0)
    turn, slant = chance.uniform(-0.4, 0.4), chance.uniform(-0.2, 0.2)
    a, b = np.cos(turn) / scale, np.sin(turn) / scale
    middle = np.asarray(whole.size) / 2 + chance.uniform(-4, 4, 2)
    x, y = SHAPE[1] / 2, SHAPE[0] / 2
    factors = (a, b + slant / scale, 0.0, -b, a, 0.0)
    moved = (middle[0] - a * x - factors[1] * y, middle[1] + b * x - a * y)
    placed = whole.transform(
        (SHAPE[1], SHAPE[0]),
        Image.Transform.AFFINE,
        (a, factors[1], moved[0], -b, a, moved[1]),
        Image.Resampling.BILINEAR,
        fillcolor=PAPER,
    ).filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.2)))
    grey = np.asarray(placed).astype(float) + chance.normal(0, chance.uniform(1, 12), SHAPE)
    seen = np.clip(grey, 0, 255).astype(np.uint8)
    return ~seen if chance.random() < 0.2 else seen


KINDS: dict[str, Callable[[np.random.Generator], Grey]] = {
    "grain": grain, "blocks": blocks, "print": words, "bar code": bars, "Data Matrix": matrix,
    "Aztec": rings, "Micro QR": micro, "hollow QR": hollow, "part of a QR": part,
}  # fmt: skip
