"""A QR code in dark modules on a lit square, beside the same thing in words.

Two pixels a module with a quiet border of at least two modules: what a phone still reads from a small panel.
"""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import MARK, Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import Font
from appliance.authenticator.painting.phrases import Phrase, chop, wrap
from appliance.core.screen import QrPage, Screen

SQUARE = Box(68, 0, type_case.GLASS, 64)
COLUMN = 66
LARGEST = 25  # version 2: more modules would have to be smaller than a camera can part


def draw(brush: Brush, screen: Screen, body: QrPage) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read; a hold bar lies over the hint."""
    small, top = brush.case.small, 0
    phrases = tuple(map(brush.say, body.lines))
    hint = brush.own(screen.hint) if screen.hint else ""
    for phrase in phrases:
        top = _rows(brush, phrase, small, top) + 2
    rows = wrap(hint, small, COLUMN) or []
    below = type_case.HEIGHT - len(rows) * small.height
    _rows(brush, Phrase(hint), small, below)
    _code(brush, body.content)
    if screen.bar is not None and screen.bar.kind == "hold":
        common.hold(brush.canvas, Box(0, below - 1, COLUMN, type_case.HEIGHT), screen.bar.fraction)
    return brush.say(screen.title).words, tuple(phrase.words for phrase in phrases), hint


def _rows(brush: Brush, phrase: Phrase, font: Font, top: int) -> int:
    width = COLUMN if phrase.ours else COLUMN - MARK
    rows = wrap(phrase.words, font, width)
    if rows is None:
        rows = [phrase.words] if phrase.ours else chop(phrase.words, font, width, 3)
    for row in rows:
        brush.row(Phrase(row, phrase.ours), 0, top + font.cap, COLUMN, font)
        top += font.height
    return top


def _code(brush: Brush, content: str) -> None:
    """The code itself; one that would need smaller modules is left to the words beside it."""
    from segno import make_qr  # noqa: PLC0415 - it is slow to import and brings a web client along

    modules = make_qr(content, error="l").matrix
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
