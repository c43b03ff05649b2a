"""The geometry of a QR symbol (ISO/IEC 18004): which modules are fixed, in which order the rest carries bits.

Pure tables by version. It reads no picture and corrects nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# check codewords of a block and number of blocks, versions 1 to 40 (table 9)
_CHECKS = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28 28 28 30 30 26 28 30 30 30 30 "
    "30 30 30 30 30 30 30 30 30 30",
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26 26 28 28 28 28 28 28 28 28 28 "
    "28 28 28 28 28 28 28 28 28 28",
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30 28 30 30 30 30 28 30 30 30 30 "
    "30 30 30 30 30 30 30 30 30 30",
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28 30 24 30 30 30 30 30 30 30 30 "
    "30 30 30 30 30 30 30 30 30 30",
}
_BLOCKS = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 21 22 "
    "24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16 17 17 18 20 21 23 25 26 28 29 31 33 35 37 38 "
    "40 43 45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20 23 23 25 27 29 34 34 35 38 40 43 45 48 51 "
    "53 56 59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25 25 34 30 32 35 37 40 42 45 48 51 54 57 60 "
    "63 66 70 74 77 81",
}
_LEVEL_BITS = {"L": 1, "M": 0, "Q": 3, "H": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """One version: `fixed` is +1 dark, -1 light, 0 free; `order` lists the free modules as bits come."""

    version: int
    side: int
    fixed: NDArray[np.int8]
    order: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the codewords of a version and level fall into blocks: for each block, places in the stream."""

    checks: int
    places: tuple[NDArray[np.intp], ...]


def alignment_centres(version: int) -> tuple[int, ...]:
    """Rows (and columns) where alignment patterns sit (annex E)."""
    if version == 1:
        return ()
    count = version // 7 + 2
    step = 26 if version == 32 else (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    last = version * 4 + 10
    return (6, *sorted(last - step * i for i in range(count - 1)))


def _rings(reach: int) -> NDArray[np.int8]:
    """A square of rings seen from its centre: dark, light, dark … as alignment and finder patterns are."""
    axis = np.abs(np.arange(-reach, reach + 1))
    ring = np.maximum(axis[:, None], axis[None, :])
    dark = (ring != 1) if reach == 2 else ~np.isin(ring, (2, 4))
    return np.where(dark, 1, -1).astype(np.int8)


def _finders(fixed: NDArray[np.int8]) -> None:
    side = len(fixed)
    pattern = _rings(4)
    for row, column in ((3, 3), (3, side - 4), (side - 4, 3)):
        top, left = max(row - 4, 0), max(column - 4, 0)
        bottom, right = min(row + 5, side), min(column + 5, side)
        fixed[top:bottom, left:right] = pattern[
            top - row + 4 : bottom - row + 4, left - column + 4 : right - column + 4
        ]


def _reserved(side: int, version: int) -> NDArray[np.bool_]:
    """Where format and version words stand: neither fixed nor data."""
    kept = np.zeros((side, side), dtype=np.bool_)
    kept[8, :9] = kept[:9, 8] = True
    kept[8, side - 8 :] = kept[side - 8 :, 8] = True
    if version >= 7:
        kept[:6, side - 11 : side - 8] = kept[side - 11 : side - 8, :6] = True
    return kept


@lru_cache(maxsize=8)
def plan(version: int) -> Plan:
    """The plan of a version from 1 to 40."""
    side = 17 + 4 * version
    fixed = np.zeros((side, side), dtype=np.int8)
    stripes = np.where(np.arange(side) % 2 == 0, 1, -1)
    fixed[6, :] = fixed[:, 6] = stripes
    centres = alignment_centres(version)
    for row in centres:
        for column in centres:
            if (row, column) not in {(6, 6), (6, side - 7), (side - 7, 6)}:
                fixed[row - 2 : row + 3, column - 2 : column + 3] = _rings(2)
    _finders(fixed)
    reserved = _reserved(side, version) & (fixed == 0)
    fixed[side - 8, 8] = 1
    free = (fixed == 0) & ~reserved
    return Plan(version, side, fixed, _snake(free))


def _snake(free: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Free modules in the order of the bits: two columns at a time from the right, up and down in turn."""
    side = len(free)
    columns = [*range(side - 1, 6, -2), 5, 3, 1]
    rows = np.arange(side)
    walk = []
    for turn, column in enumerate(columns):
        down = rows if turn % 2 else rows[::-1]
        pair = np.stack([down * side + column, down * side + column - 1], axis=1)
        walk.append(pair.reshape(-1))
    order = np.concatenate(walk)
    kept: NDArray[np.intp] = order[free.reshape(-1)[order]]
    return kept


@lru_cache(maxsize=8)
def blocks(version: int, level: str) -> Blocks:
    """Where each block's codewords stand in the interleaved stream."""
    total = len(plan(version).order) // 8
    checks = int(_CHECKS[level].split()[version - 1])
    count = int(_BLOCKS[level].split()[version - 1])
    short = total // count - checks
    extra = count - total % count if total % count else count
    places = []
    for block in range(count):
        data = [row * count + block for row in range(short)]
        if block >= extra:
            data.append(short * count + block - extra)
        start = total - checks * count
        data += [start + row * count + block for row in range(checks)]
        places.append(np.asarray(data, dtype=np.intp))
    return Blocks(checks, tuple(places))


@lru_cache(maxsize=16)
def mask(number: int, side: int) -> NDArray[np.bool_]:
    """The data mask of this number (table 10): True where a bit is turned over."""
    i, j = np.mgrid[0:side, 0:side]
    rules = (
        (i + j) % 2,
        i % 2,
        j % 3,
        (i + j) % 3,
        (i // 2 + j // 3) % 2,
        i * j % 2 + i * j % 3,
        (i * j % 2 + i * j % 3) % 2,
        ((i + j) % 2 + i * j % 3) % 2,
    )
    flipped: NDArray[np.bool_] = rules[number] == 0
    return flipped


def _checked(data: int, width: int, generator: int) -> int:
    """`data` followed by the remainder of its division: the BCH words of format and version."""
    rest = data << width
    for bit in range(rest.bit_length() - 1, width - 1, -1):
        if rest >> bit & 1:
            rest ^= generator << bit - width
    return data << width | rest


def format_word(level: str, number: int) -> int:
    """The 15 bits that name level and mask (clause 7.9)."""
    return _checked(_LEVEL_BITS[level] << 3 | number, 10, 0x537) ^ 0x5412


def format_places(side: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Row and column of bit 14 down to bit 0, of both copies."""
    first = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    second = [(side - 1 - r, 8) for r in range(7)] + [(8, side - 8 + c) for c in range(8)]
    return first, second


def draw(version: int, level: str, number: int, stream: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The symbol that carries these codewords; True is dark."""
    layout = plan(version)
    side = layout.side
    dark = layout.fixed > 0
    bits = np.zeros(len(layout.order), dtype=np.bool_)
    spread = np.unpackbits(stream).astype(np.bool_)
    bits[: len(spread)] = spread
    dark.reshape(-1)[layout.order] = bits ^ mask(number, side).reshape(-1)[layout.order]
    word = format_word(level, number)
    for places in format_places(side):
        for bit, (row, column) in enumerate(places):
            dark[row, column] = bool(word >> (14 - bit) & 1)
    if version >= 7:
        _draw_version(dark, version)
    return dark


def _draw_version(dark: NDArray[np.bool_], version: int) -> None:
    word = _checked(version, 12, 0x1F25)
    side = len(dark)
    for bit in range(18):
        row, column = bit // 3, side - 11 + bit % 3
        dark[row, column] = dark[column, row] = bool(word >> bit & 1)
