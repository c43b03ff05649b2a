"""Everything a request says, on as many pages as it takes: what the first screen had to clip is read here in full.

The rules know no fonts, so they reckon with the widest that a letter can be in the smallest type; the painter's tests
hold these widths, and that no page is ever clipped.
"""

from __future__ import annotations

from appliance.core.local_time import local
from appliance.core.screen import Line, Name, Text, name, text

ROW, ROWS = 118, 5
NARROW, USUAL, WIDE = 4, 7, 11
NARROW_LETTERS = frozenset(" iljtfrI.,:;'!|()[]-/")
USUAL_LETTERS = frozenset("abcdeghknopqsuvxyz0123456789_=+?#ABEFJKLPRSTVXYZ")
LATIN, PLANE = 0x250, 0x10000
BOX, LARGE_BOX = 20, 28


def width(letter: str) -> int:
    """The most columns that a letter can take; one that the panel's type lacks is a box with its number."""
    if letter in NARROW_LETTERS:
        return NARROW
    if letter in USUAL_LETTERS:
        return USUAL
    if ord(letter) < LATIN and letter.isalnum():
        return BOX if ord(letter) > 0x17F else WIDE
    if ord(letter) < 0x7F:
        return WIDE
    return BOX if ord(letter) < PLANE else LARGE_BOX


def rows(words: str) -> int:
    """The most rows that words can take, broken wherever a row is full."""
    widths = [width(letter) for letter in words]
    return -(-sum(widths) // (ROW - max(widths, default=0)))


def pages(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], ...]:
    """The lines spread over pages of at most five rows; a long name goes on where the page before it ended."""
    whole: list[list[Line]] = [[]]
    room = ROWS
    for part in (part for line in lines for part in _parts(line)):
        taken = 1 if isinstance(part, Text) else rows(part.words)
        if taken > room:
            whole.append([])
            room = ROWS
        whole[-1].append(part)
        room -= taken
    return tuple(tuple(page) for page in whole if page)


def _parts(line: Line) -> tuple[Line, ...]:
    """A name in pieces that each fit on a page; a sentence of ours, or nothing, as it is."""
    if isinstance(line, Text):
        return (line,)
    pieces: list[str] = []
    left = 0
    for letter in line.words:
        if left < width(letter):
            pieces.append("")
            left = (ROW - LARGE_BOX) * ROWS
        pieces[-1] += letter
        left -= width(letter)
    return tuple(Name(piece) for piece in pieces)


def request_pages(
    untrusted_words: tuple[str, ...], issued: float, untrusted_origin: str
) -> tuple[tuple[Line, ...], ...]:
    """The pages of a request: its names in their order, when it was issued (Unix seconds), and the portal's address."""
    sent = text("Sent at {time}", time=local(issued).strftime("%H:%M:%S"))
    return pages((*map(name, untrusted_words), sent, name(untrusted_origin)))
