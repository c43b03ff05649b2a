"""Our bundled bitmap fonts: glyphs as rows of bits, measured and clipped in pixels.

A letter that a font does not have is drawn as a box with its Unicode number, so that two different names never look
the same and a letter of another script never passes for a Latin one. No library takes part, so no version of one
can move a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
ELLIPSIS = "…"
# The sixteen hexadecimal digits in 3 x 5 pixels, five rows of three bits each.
TINY = (
    *("75557", "26227", "71747", "71717", "55711", "74717", "74757", "71111"),  # 0 to 7
    *("75757", "75717", "25755", "65656", "34443", "65556", "74647", "74644"),  # 8 to F
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter: how far it moves the pen, and its rows of `width` bits; `bottom` is above (+) the base line."""

    advance: int
    width: int
    left: int
    bottom: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Font:
    """Glyphs of one size. `cap` is the height of capitals, `tail` what hangs below the base line, in pixels."""

    cap: int
    tail: int
    written: dict[str, str] = field(repr=False)
    known: dict[str, Glyph] = field(default_factory=dict, repr=False)

    @property
    def height(self) -> int:
        """From the top of a capital to the end of a tail."""
        return self.cap + self.tail

    def glyph(self, letter: str) -> Glyph:
        """The glyph of a letter, read once and kept, or the box that stands for a letter we do not have."""
        if letter in self.known:
            return self.known[letter]
        if letter not in self.written:
            return _box(letter, self.cap)
        self.known[letter] = _read(self.written[letter])
        return self.known[letter]

    def width(self, words: str) -> int:
        """The width of words in pixels."""
        return sum(self.glyph(letter).advance for letter in words)

    def clip(self, words: str, width: int) -> str:
        """As much of the words as fits, ending in "…" when something is missing."""
        if self.width(words[:200]) <= width and len(words) <= 200:
            return words
        room = width - self.width(ELLIPSIS)
        end = 0
        while end < len(words) and room >= (step := self.glyph(words[end]).advance):
            room, end = room - step, end + 1
        return words[:end].rstrip() + ELLIPSIS


def load(name: str, cap: int, tail: int) -> Font:
    """Read one font file: a line a glyph, its code point first."""
    lines = (FOLDER / f"{name}.txt").read_text("ascii").splitlines()
    return Font(cap, tail, {chr(int(line[:4], 16)): line for line in lines})


def _read(line: str) -> Glyph:
    _code, advance, width, height, left, bottom, packed = line.split()
    size = (int(width) + 3) // 4
    rows = tuple(int(packed[i * size : (i + 1) * size], 16) for i in range(int(height)))
    return Glyph(int(advance), int(width), int(left), int(bottom), rows)


def _box(letter: str, cap: int) -> Glyph:
    """A frame around the letter's number: in one row in small fonts, in two rows in the larger ones."""
    number = f"{ord(letter):04X}"
    number = number if len(number) == 4 else f"{ord(letter):06X}"
    half = len(number) // 2
    parts = (number,) if cap < 11 else (number[:half], number[half:])
    width = 4 * len(parts[0]) + 3
    rows = [_full(width)]
    for part in parts:
        rows += [_between(width, 0), *(_between(width, _tiny_row(part, row)) for row in range(5))]
    rows += [_between(width, 0), _full(width)]
    return Glyph(width + 1, width, 0, (cap - len(rows)) // 2, tuple(rows))


def _tiny_row(part: str, row: int) -> int:
    bits = 0
    for digit in part:
        bits = bits << 4 | int(TINY[int(digit, 16)][row])
    return bits << 1


def _full(width: int) -> int:
    return (1 << width) - 1


def _between(width: int, inside: int) -> int:
    return 1 << (width - 1) | inside << 1 | 1
