"""Reed-Solomon correction of one block, with erasures: a codeword known to be doubtful costs half as much.

Pure arithmetic in GF(256) with the QR polynomial 0x11D. It says how much proof was left over,
so that its caller can refuse a lucky guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, log2

import numpy as np
from numpy.typing import NDArray


def _powers() -> list[int]:
    value, powers = 1, []
    for _ in range(255):
        powers.append(value)
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers * 2


_EXP = _powers()
_LOG = [0] * 256
for _power, _value in enumerate(_EXP[:255]):
    _LOG[_value] = _power
_EXPS = np.asarray(_EXP, dtype=np.uint8)
_LOGS = np.asarray(_LOG, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Mended:
    """A block that satisfies all its checks, and the bits of proof beyond what the mending used up."""

    codewords: NDArray[np.uint8]
    proof: float


def _times(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _product(left: list[int], right: list[int]) -> list[int]:
    out = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        if a:
            for j, b in enumerate(right):
                out[i + j] ^= _times(a, b)
    return out


def _syndromes(block: NDArray[np.uint8], checks: int) -> list[int]:
    places = np.flatnonzero(block)
    powers = len(block) - 1 - places
    grid = (_LOGS[block[places]][None, :] + np.arange(checks)[:, None] * powers[None, :]) % 255
    sums = np.empty(checks, dtype=np.uint8)
    np.bitwise_xor.reduce(_EXPS[grid], axis=1, out=sums)
    return sums.tolist()


def _values(poly: list[int], logs: NDArray[np.intp]) -> NDArray[np.uint8]:
    """The polynomial (lowest power first) at alpha**log for each log."""
    out = np.zeros(len(logs), dtype=np.uint8)
    for power, factor in enumerate(poly):
        if factor:
            out ^= _EXPS[(_LOG[factor] + power * logs) % 255]
    return out


def _locator(syndromes: list[int], start: list[int], erased: int) -> list[int]:
    """Berlekamp and Massey's locator of errors, begun from that of the erasures."""
    current, previous = start[:], start[:]
    length, gap, last = erased, 1, 1
    for step in range(erased, len(syndromes)):
        delta = 0
        for i, factor in enumerate(current[: step + 1]):
            delta ^= _times(factor, syndromes[step - i])
        if not delta:
            gap += 1
            continue
        scale = _times(delta, _EXP[255 - _LOG[last]])
        moved = [0] * gap + [_times(scale, p) for p in previous]
        size = max(len(current), len(moved))
        summed = [
            (current[i] if i < len(current) else 0) ^ (moved[i] if i < len(moved) else 0)
            for i in range(size)
        ]
        if 2 * length <= step + erased:
            length, previous, last, gap = step + 1 + erased - length, current, delta, 1
        else:
            gap += 1
        current = summed
    while len(current) > 1 and not current[-1]:
        current.pop()
    return current


def _proof(size: int, checks: int, erased: int, errors: int) -> float:
    """Bits by which a random word would have failed: checks left, less the freedom of choosing errors."""
    return 8.0 * (checks - erased - errors) - log2(comb(size - erased, errors))


def mend(block: NDArray[np.uint8], checks: int, erasures: NDArray[np.intp]) -> Mended | None:
    """Correct `errors` and `erasures` with 2 * errors + erasures <= checks, or None."""
    syndromes = _syndromes(block, checks)
    size, erased = len(block), len(erasures)
    if not any(syndromes):
        return Mended(block, 8.0 * checks)
    start = [1]
    for place in erasures:
        start = _product(start, [1, _EXP[size - 1 - int(place)]])
    locator = _locator(syndromes, start, erased)
    faults = len(locator) - 1
    if 2 * faults - erased > checks:
        return None
    inverse = (255 - (size - 1 - np.arange(size))) % 255
    places = np.flatnonzero(_values(locator, inverse) == 0)
    if len(places) != faults:
        return None
    fixed = _corrected(block, syndromes, locator, places)
    if any(_syndromes(fixed, checks)):
        return None
    return Mended(fixed, _proof(size, checks, erased, faults - erased))


def _corrected(
    block: NDArray[np.uint8], syndromes: list[int], locator: list[int], places: NDArray[np.intp]
) -> NDArray[np.uint8]:
    """Forney's values put in at the places found."""
    size = len(block)
    evaluator = _product(syndromes, locator)[: len(syndromes)]
    slope = [factor if power % 2 else 0 for power, factor in enumerate(locator)]
    roots = (255 - (size - 1 - places)) % 255
    over, under = _values(evaluator, roots), _values(slope, roots)
    fixed = block.copy()
    for i, place in enumerate(places):
        # sum of odd powers at the root, divided by the root and times its inverse, cancels for b = 0
        if over[i] and under[i]:
            log = _LOG[int(over[i])] - _LOG[int(under[i])]
            fixed[place] ^= _EXP[log % 255]
    return fixed
