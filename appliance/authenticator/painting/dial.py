"""Digits being dialled: the digit under the thumb as high as the panel allows, its neighbours small beside it."""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.phrases import Phrase, wrap
from appliance.core.screen import Dial, Screen

ERASE, FACES = 10, 11
COLUMN = 66  # what stands at the left of the dial


def draw(brush: Brush, screen: Screen, body: Dial) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read."""
    title, asks = brush.say(screen.title), brush.say(body.asks)
    _column(brush, title, asks)
    _slots(brush, body)
    _face(brush, body.digit)
    under = "←" if body.digit == ERASE else str(body.digit)
    return title.words, (asks.words, body.done + under), common.hint(brush, screen)


def _column(brush: Brush, title: Phrase, asks: Phrase) -> None:
    """The title and what is asked, in the narrow column; when both are long the title gives way."""
    case, top = brush.case, 0
    heads = wrap(title.words, case.small_bold, COLUMN) or [title.words]
    rows = wrap(asks.words, case.small, COLUMN) or [asks.words]
    room = 4 - min(len(rows), 4)
    for font, words, ours in (
        *((case.small_bold, row, title.ours) for row in heads[:room]),
        *((case.small, row, asks.ours) for row in rows[:4]),
    ):
        brush.row(Phrase(words, ours), 1, top + font.cap, COLUMN, font)
        top += font.height


def _slots(brush: Brush, body: Dial) -> None:
    """A place for each digit: those taken stand in it, the one being dialled is marked."""
    font, base = brush.case.small_bold, type_case.HINT_TOP - 3
    wide, left = 9, 1
    for place in range(body.length):
        if place == (body.length + 1) // 2 and body.length > 4:
            left += 5
        if place < len(body.done):
            brush.canvas.write(body.done[place], left, base, font)
        top = base - 1 if place == len(body.done) else base + 1
        brush.canvas.fill(Box(left, top, left + wide - 2, base + 2))
        left += wide


def _face(brush: Brush, digit: int) -> None:
    case, canvas = brush.case, brush.canvas
    middle = type_case.WIDTH - 30
    if digit == ERASE:
        _arrow(brush, middle, 25, 15)
    else:
        width = case.dial.width(str(digit))
        canvas.write(str(digit), middle - width // 2, 50, case.dial)
    for beside, left in (((digit - 1) % FACES, middle - 29), ((digit + 1) % FACES, middle + 21)):
        if beside == ERASE:
            _arrow(brush, left + 4, 26, 4)
        else:
            canvas.write(str(beside), left, 31, case.large)


def _arrow(brush: Brush, middle: int, line: int, size: int) -> None:
    """An arrow to the left whose head is `size` pixels deep."""
    shaft, end = size // 3, middle + size - 1
    for away in range(-size, size + 1):
        start = middle - size + abs(away)
        stop = end if abs(away) <= shaft else middle + 1
        brush.canvas.fill(Box(start, line + away, stop, line + away + 1))
