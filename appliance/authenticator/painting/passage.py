"""One page of everything that was said, in the largest type in which all of it is there: nothing here is clipped.

A name is marked at its margin as everywhere, broken where a row is full, and goes on where its page before ended. Only
a page that has no other, of a process that ends, may be too long for the panel: its last row then ends in "…".
"""

from __future__ import annotations

from collections.abc import Iterator

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import MARK, Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import ELLIPSIS, Font
from appliance.authenticator.painting.phrases import Phrase, chop, wrap
from appliance.core.screen import Passage, Screen

AREA = Box(1, type_case.BODY_TOP - 1, type_case.WIDTH - 1, type_case.BAR_TOP)
# right of the mark; the gap behind a row's last letter needs no room
ROW = type_case.WIDTH - AREA.left - MARK + 1
BROKEN = 64  # a name in the smallest type never takes more rows than this
Laid = tuple[Phrase, list[str]]


def draw(brush: Brush, screen: Screen, body: Passage) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read."""
    title = common.title(brush, screen, f"{body.page}/{body.pages}")
    phrases = [phrase for phrase in map(brush.say, body.lines) if phrase.words]
    font, laid = _laid_out(brush, phrases)
    spare = AREA.height - sum(len(rows) for _, rows in laid) * font.height
    gap = max(0, min(3, spare // max(1, len(laid))))
    top = AREA.top
    for phrase, rows in laid:
        _write(brush, phrase, rows, top, font)
        top += len(rows) * font.height + gap
    return title, tuple(phrase.words for phrase in phrases), ""


def _laid_out(brush: Brush, phrases: list[Phrase]) -> tuple[Font, list[Laid]]:
    """The largest type in which every row fits, names broken between words before they are broken within one."""
    case = brush.case
    tries = [
        (font, whole) for whole in (True, False) for font in (case.large, case.middle, case.small)
    ]
    for font, whole in tries:
        laid = [(phrase, _broken(phrase, font, whole=whole)) for phrase in phrases]
        if all(rows for _, rows in laid) and _fits(font, laid):
            return font, laid
    laid = [(phrase, _broken(phrase, case.small, whole=False)) for phrase in phrases]
    return case.small, list(_cut(laid, case.small))


def _cut(laid: list[Laid], font: Font) -> Iterator[Laid]:
    room = AREA.height // font.height
    for phrase, rows in laid:
        if len(rows) > room:
            last = font.clip(f"{rows[room - 1]} {ELLIPSIS}", ROW)
            yield phrase, [*rows[: room - 1], last][:room]
            return
        yield phrase, rows
        room -= len(rows)


def _fits(font: Font, laid: list[Laid]) -> bool:
    return sum(len(rows) for _, rows in laid) * font.height <= AREA.height


def _broken(phrase: Phrase, font: Font, *, whole: bool) -> list[str]:
    width = ROW if phrase.ours else AREA.width - MARK
    rows = wrap(phrase.words, font, width) if whole or phrase.ours else None
    if rows or whole:
        return rows or []
    return chop(phrase.words, font, width, BROKEN)


def _write(brush: Brush, phrase: Phrase, rows: list[str], top: int, font: Font) -> None:
    if not phrase.ours:
        brush.mark(AREA.left, top, top + len(rows) * font.height - font.tail)
    for row, words in enumerate(rows):
        base = top + row * font.height + font.cap
        brush.canvas.write(words, AREA.left + MARK, base, font, ours=phrase.ours)
