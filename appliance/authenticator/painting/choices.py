"""A list with one line chosen, as many lines around it as fit, and a small bar that says where in the list they are."""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.phrases import Phrase
from appliance.core.screen import Choices, Screen

ROW = 13
BOTTOM = 52
SIDE = type_case.WIDTH - 5


def draw(brush: Brush, screen: Screen, body: Choices) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read; the chosen item has "▸ " before it."""
    title, top = common.title(brush, screen), type_case.BODY_TOP
    about = []
    for phrase in (brush.say(line) for line in body.about[:2]):
        font = brush.case.middle
        about.append(brush.row(phrase, 1, top + font.cap, type_case.WIDTH - 2, font))
        top += font.height
    items = tuple(brush.say(item) for item in body.items)
    room = max(1, (BOTTOM - top) // ROW)
    first = max(0, min(body.chosen - room // 2, len(items) - room))
    for row, phrase in enumerate(items[first : first + room]):
        _item(brush, phrase, top + row * ROW, first + row == body.chosen)
    if len(items) > room:
        _place(
            brush,
            Box(type_case.WIDTH - 2, top, type_case.WIDTH, top + room * ROW),
            first,
            room,
            len(items),
        )
    marked = tuple(
        f"▸ {item.words}" if i == body.chosen else item.words for i, item in enumerate(items)
    )
    return title, (*about, *marked), common.hint(brush, screen)


def _item(brush: Brush, phrase: Phrase, top: int, chosen: bool) -> None:
    """One item; the chosen one is a lit key with bold words, if they fit."""
    case, width = brush.case, SIDE - 6
    bold = chosen and case.middle_bold.width(phrase.words[:100]) <= width
    font = case.middle_bold if bold else case.middle
    brush.row(phrase, 4, top + font.cap, width, font)
    if chosen:
        brush.canvas.plate(Box(0, top - 1, SIDE, top + font.height))


def _place(brush: Brush, track: Box, first: int, room: int, count: int) -> None:
    start = track.top + track.height * first // count
    end = track.top + track.height * (first + room) // count
    brush.canvas.fill(track._replace(top=start, bottom=max(start + 2, end)))
