"""Reads a code that was found but not read: soft modules, doubtful ones as erasures, corrected block by block.

A text comes out only with proof left over: a correction that could be luck is refused. The corrected symbol is
drawn again and read by the first decoder, so there is one way from codewords to text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.scanner.grid import soft_modules
from appliance.scanner.reading import Suspect
from appliance.scanner.rectified import Floats, rectify
from appliance.scanner.reed_solomon import mend
from appliance.scanner.symbol import blocks, draw, format_places, format_word, mask, plan

_PROOF = 28.0  # bits a block must keep beyond what its mending used: one lucky guess in 2.7e8
_KNOWN = 0.45  # how well fixed patterns must show, 1 = perfectly
_SURE = 0.9  # how well they show where the place and the version are right
_PATIENCE = 8  # frames that are spent on one place
# what a sight shares with the earlier ones when another would tell nothing new
_KNOWN_BY_HEART = 0.98
_SAME = 0.3  # what two blurred sights of one symbol share at least
_LEVELS = tuple((level, number) for level in "LMQH" for number in range(8))


@dataclass(frozen=True, slots=True)
class Soft:
    """One sight of a symbol: soft modules, and how well its fixed patterns show (0 to 1)."""

    version: int
    modules: Floats
    fit: float


def sight(grey: NDArray[np.uint8], suspect: Suspect) -> Soft | None:
    """Follow the grid of a suspect; None when no symbol lies there."""
    try:
        flat = rectify(grey, suspect.corners, suspect.version)
    except np.linalg.LinAlgError:
        return None
    modules = soft_modules(flat, suspect.version)
    fixed = plan(suspect.version).fixed
    fit = float((modules * fixed).sum() / (np.abs(modules[fixed != 0]).sum() + 1e-6))
    return Soft(suspect.version, modules, fit) if fit > _KNOWN else None


def added(before: Soft | None, now: Soft) -> Soft:
    """Two sights of one symbol as one. A sight that disagrees about the symbol starts anew."""
    if before is None or before.version != now.version or _agreement(before, now) < _SAME:
        return now
    return Soft(now.version, before.modules + now.modules, max(before.fit, now.fit))


class Sights:
    """What frames showed of one symbol, and where it was last: grain hides the place more often than the modules."""

    def __init__(self) -> None:
        self.place: Suspect | None = None
        self._sum: Soft | None = None
        self._left = 0

    def with_this(self, now: Soft, place: Suspect) -> Soft:
        """This sight and the earlier ones of the same symbol together."""
        before, self._sum = self._sum, added(self._sum, now)
        if self._sum is now:
            self._left = _PATIENCE
        elif before is not None and _agreement(before, now) > _KNOWN_BY_HEART:
            self._left = 0
        self.place = place if now.fit > _SURE and self._left > 0 else None
        return self._sum

    def looked(self) -> None:
        """One more frame went to the place where the symbol was; after some the place is forgotten."""
        self._left -= 1
        if self._left <= 0:
            self.place = None


def _agreement(left: Soft, right: Soft) -> float:
    """From -1 to 1: how alike the free modules of two sights are."""
    free = plan(left.version).order
    a, b = left.modules.reshape(-1)[free], right.modules.reshape(-1)[free]
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))


def _named(soft: Soft) -> tuple[str, int]:
    """Level and mask whose format word agrees best with both of its copies."""
    places = format_places(len(soft.modules))
    seen = sum(np.asarray([soft.modules[row, column] for row, column in copy]) for copy in places)
    words = np.asarray([format_word(level, number) for level, number in _LEVELS], dtype=np.intp)
    signs = np.where(words[:, None] >> np.arange(14, -1, -1) & 1, 1, -1)
    return _LEVELS[int(np.argmax(signs @ seen))]


def corrected(soft: Soft) -> NDArray[np.bool_] | None:
    """The symbol as it must have been (True is dark), or None when there is not enough proof."""
    level, number = _named(soft)
    layout = plan(soft.version)
    values = soft.modules.reshape(-1)[layout.order]
    values = values[: len(values) // 8 * 8]
    turned = mask(number, layout.side).reshape(-1)[layout.order][: len(values)]
    stream = np.packbits((values > 0) ^ turned)
    trust = np.sort(np.abs(values).reshape(-1, 8), axis=1)[:, :2] @ np.asarray([1.0, 0.3])
    scheme = blocks(soft.version, level)
    for places in scheme.places:
        mended = _mended(stream[places], trust[places], scheme.checks)
        if mended is None:
            return None
        stream[places] = mended
    return draw(soft.version, level, number, stream)


def _mended(
    block: NDArray[np.uint8], trust: NDArray[np.float64], checks: int
) -> NDArray[np.uint8] | None:
    """Erase the most doubtful codewords, a few more at each try."""
    doubtful = np.argsort(trust)
    for part in (0.0, 0.25, 0.4, 0.55, 0.7):
        mended = mend(block, checks, doubtful[: int(checks * part)])
        if mended is not None and mended.proof >= _PROOF:
            return mended.codewords
    return None
