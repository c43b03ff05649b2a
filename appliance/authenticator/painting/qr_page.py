"""A QR code in dark modules on a lit square, beside the same thing in words.

Two pixels a module with a quiet border of at least two modules: what a phone still reads from a small panel.
"""

from __future__ import annotations

import segno

from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import MARK, Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import Font
from appliance.authenticator.painting.phrases import Phrase, chop, wrap
from appliance.core.screen import QrPage, Screen

SQUARE = Box(64, 0, 128, 64)
COLUMN = 62
LARGEST = 25  # version 2: more modules would have to be smaller than a camera can part


def draw(brush: Brush, screen: Screen, body: QrPage) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read."""
    small, title = brush.case.small, brush.say(screen.title)
    phrases = tuple(map(brush.say, body.lines))
    hint = brush.own(screen.hint) if screen.hint else ""
    top = _rows(brush, title, brush.case.small_bold, 0) + 2
    for phrase in phrases:
        top = _rows(brush, phrase, small, top) + 2
    rows = wrap(hint, small, COLUMN) or []
    _rows(brush, Phrase(hint), small, type_case.BAR_TOP - len(rows) * small.height)
    _code(brush, body.content)
    return title.words, tuple(phrase.words for phrase in phrases), hint


def _rows(brush: Brush, phrase: Phrase, font: Font, top: int) -> int:
    width = COLUMN if phrase.ours else COLUMN - MARK
    rows = wrap(phrase.words, font, width)
    if rows is None:
        rows = [phrase.words] if phrase.ours else chop(phrase.words, font, width, 2)
    for row in rows:
        brush.row(Phrase(row, phrase.ours), 0, top + font.cap, COLUMN, font)
        top += font.height
    return top


def _code(brush: Brush, content: str) -> None:
    """The code itself; one that would need smaller modules is left to the words beside it."""
    modules = segno.make_qr(content, error="l").matrix
    if len(modules) > LARGEST:
        return
    brush.canvas.fill(SQUARE)
    left = SQUARE.left + SQUARE.width // 2 - len(modules)
    top = SQUARE.height // 2 - len(modules)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                corner = Box(left + 2 * x, top + 2 * y, left + 2 * x + 2, top + 2 * y + 2)
                brush.canvas.clear(corner)
