"""Up to three lines of words in the largest type in which they all fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appliance.authenticator.painting.brush import MARK, Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import Font
from appliance.authenticator.painting.phrases import Phrase, chop, wrap
from appliance.authenticator.painting.type_case import TypeCase

Style = tuple[Font, Font]
NAME_ROWS = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One phrase laid out: its rows in its font, whole or clipped."""

    phrase: Phrase
    font: Font
    rows: tuple[str, ...]
    whole: bool = True

    @property
    def height(self) -> int:
        """All rows together."""
        return len(self.rows) * self.font.height


def draw(brush: Brush, phrases: tuple[Phrase, ...], area: Box, big: bool) -> tuple[str, ...]:
    """Write the phrases into the area and return them as they can be read; an empty name takes no row."""
    phrases = tuple(phrase for phrase in phrases if phrase.words)
    if not phrases:
        return ()
    named = any(not phrase.ours for phrase in phrases)
    room = area._replace(left=area.left + (MARK if named else -1))
    blocks = _laid_out(phrases, _styles(brush.case, big), room)
    spare = area.height - sum(block.height for block in blocks)
    gap = max(0, min(4, spare // (len(blocks) + 1)))
    top = area.top + max(0, spare - gap * (len(blocks) - 1)) // 2
    for block in blocks:
        _write(brush, block, room, top, named)
        top += block.height + gap
    return tuple(
        " ".join(block.rows) if block.phrase.ours or not block.whole else block.phrase.words
        for block in blocks
    )


def _styles(case: TypeCase, big: bool) -> tuple[Style, ...]:
    """Sizes for the first phrase and for the others, the best first; the last one is for a close look only."""
    plain = ((case.large, case.large), (case.middle, case.middle), (case.small, case.small))
    if not big:
        return plain
    return (
        (case.huge, case.large),
        (case.huge, case.middle),
        (case.large_bold, case.large),
        (case.large_bold, case.middle),
        (case.middle_bold, case.middle),
        (case.small_bold, case.small),
    )


def _laid_out(phrases: tuple[Phrase, ...], styles: tuple[Style, ...], area: Box) -> list[Block]:
    """The first style in which everything fits whole; then names are clipped before our own words are."""
    for fonts, name_rows in _tries(styles):
        blocks = [
            _block(phrase, fonts[min(i, 1)], area, name_rows) for i, phrase in enumerate(phrases)
        ]
        fitting = [block for block in blocks if block is not None]
        if len(fitting) == len(phrases) and _height(fitting) <= area.height:
            return fitting
    return [_clipped(phrase, styles[-1][min(i, 1)], area) for i, phrase in enumerate(phrases)]


def _tries(styles: tuple[Style, ...]) -> Iterator[tuple[Style, int]]:
    """Styles with the rows that a name may take; 0 = one row, clipped."""
    for rows in (1, NAME_ROWS):
        yield from ((style, rows) for style in styles[:-1])
    yield from ((styles[-1], rows) for rows in (1, NAME_ROWS))
    yield from ((style, 0) for style in styles)


def _height(blocks: list[Block]) -> int:
    return sum(block.height for block in blocks) + len(blocks) - 1


def _block(phrase: Phrase, font: Font, area: Box, name_rows: int) -> Block | None:
    if phrase.ours:
        rows = wrap(phrase.words, font, area.width)
        return Block(phrase, font, tuple(rows)) if rows else None
    if name_rows == 0:
        return _clipped(phrase, font, area)
    width = area.width
    rows = wrap(phrase.words[:100], font, width)
    if rows is None or len(rows) > name_rows:
        rows = chop(phrase.words, font, width, name_rows)
    whole = "".join(rows).replace(" ", "") == phrase.words.replace(" ", "")
    return Block(phrase, font, tuple(rows)) if whole and rows else None


def _clipped(phrase: Phrase, font: Font, area: Box) -> Block:
    words = font.clip(phrase.words, area.width)
    return Block(phrase, font, (words,), words == phrase.words)


def _write(brush: Brush, block: Block, area: Box, top: int, named: bool) -> None:
    """Our words in the middle, or at the margin of the names when there are names."""
    font, ours = block.font, block.phrase.ours
    if not ours:
        brush.mark(area.left - MARK, top, top + block.height - font.tail)
    for row, words in enumerate(block.rows):
        spare = area.width - font.width(words)
        left = area.left + (0 if named else spare // 2)
        base = top + row * font.height + font.cap
        brush.canvas.write(words, left, base, font, whole=block.whole, ours=ours)
