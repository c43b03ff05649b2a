"""A one-bit picture whose rows are whole numbers, and a note of what was written where.

The notes say what a reader can read; the tests measure them, so that no word is cut and none lies over another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from appliance.authenticator.painting.font import Font, Glyph


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """How high it is."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Written:
    """Words on the canvas, the box of their ink, and whether they are there in full."""

    words: str
    box: Box
    whole: bool
    ours: bool


@dataclass(slots=True)
class Canvas:
    """The picture being painted; the leftmost pixel of a row is its highest bit."""

    width: int
    height: int
    rows: list[int] = field(init=False, repr=False)
    written: list[Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = [0] * self.height

    def write(
        self,
        words: str,
        x: int,
        baseline: int,
        font: Font,
        *,
        whole: bool = True,
        ours: bool = True,
    ) -> int:
        """Draw words from `x` on; rows above `baseline` are above the line. Returns where the pen ends."""
        pen, top, bottom = x, baseline, baseline
        for letter in words:
            glyph = font.glyph(letter)
            first = baseline - glyph.bottom - len(glyph.rows)
            self._stamp(glyph, pen + glyph.left, first)
            if any(glyph.rows):
                top, bottom = min(top, first), max(bottom, first + len(glyph.rows))
            pen += glyph.advance
        self.written.append(Written(words, Box(x, top, pen, bottom), whole, ours))
        return pen

    def _stamp(self, glyph: Glyph, left: int, top: int) -> None:
        shift = self.width - left - glyph.width
        for y, row in enumerate(glyph.rows, top):
            if 0 <= y < self.height:
                moved = row << shift if shift >= 0 else row >> -shift
                self.rows[y] |= moved & ((1 << self.width) - 1)

    def fill(self, box: Box) -> None:
        """Light every pixel of a box."""
        span = self._span(box.left, box.right)
        for y in self._lines(box):
            self.rows[y] |= span

    def clear(self, box: Box) -> None:
        """Darken every pixel of a box."""
        span = self._span(box.left, box.right)
        for y in self._lines(box):
            self.rows[y] &= ~span

    def invert(self, box: Box) -> None:
        """Swap light and dark in a box."""
        span = self._span(box.left, box.right)
        for y in self._lines(box):
            self.rows[y] ^= span

    def frame(self, box: Box) -> None:
        """Draw the edge of a box with its corners cut, so that it looks like a key."""
        self.fill(Box(box.left + 1, box.top, box.right - 1, box.top + 1))
        self.fill(Box(box.left + 1, box.bottom - 1, box.right - 1, box.bottom))
        self.fill(Box(box.left, box.top + 1, box.left + 1, box.bottom - 1))
        self.fill(Box(box.right - 1, box.top + 1, box.right, box.bottom - 1))

    def plate(self, box: Box) -> None:
        """A lit key: invert a box but for its four corners."""
        if box.width < 3:
            return
        self.invert(Box(box.left + 1, box.top, box.right - 1, box.bottom))
        for x in (box.left, box.right - 1):
            self.invert(Box(x, box.top + 1, x + 1, box.bottom - 1))

    def dots(self, left: int, right: int, y: int, step: int) -> None:
        """A dotted line: light without a burning edge."""
        for x in range(left, right, step):
            self.rows[y] |= 1 << (self.width - 1 - x)

    def put(self, rows: list[int], width: int, left: int, top: int) -> None:
        """Put a picture of `width` pixels on the canvas."""
        self._stamp(Glyph(width, width, 0, 0, tuple(rows)), left, top)

    def bits(self) -> bytes:
        """The packed rows, most significant bit left."""
        spare = -self.width % 8
        size = (self.width + spare) // 8
        return b"".join((row << spare).to_bytes(size, "big") for row in self.rows)

    def _span(self, left: int, right: int) -> int:
        left, right = max(0, left), min(self.width, right)
        return ((1 << max(0, right - left)) - 1) << (self.width - right)

    def _lines(self, box: Box) -> range:
        return range(max(0, box.top), min(self.height, box.bottom))
