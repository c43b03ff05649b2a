"""What the camera sees, in one bit a pixel, beside the sign that it is on and what would help it."""

from __future__ import annotations

from operator import itemgetter

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import Font
from appliance.authenticator.painting.phrases import chop, wrap
from appliance.core.screen import Screen, Viewfinder

PICTURE = Box(0, 0, 72, 62)
SIDE = Box(75, 0, type_case.GLASS, 63)
LARGEST = 512


def draw(brush: Brush, screen: Screen, body: Viewfinder) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read."""
    _picture(brush, body)
    case, canvas = brush.case, brush.canvas
    title, help_ = brush.say(screen.title).words, brush.own(body.hint)
    top = _rows(brush, title, (case.small_bold, case.small), SIDE.top)
    canvas.dots(SIDE.left, SIDE.right, top, 2)
    _rows(brush, help_, (case.small,), top + 2)
    hint = brush.own(screen.hint) if screen.hint else ""
    top = SIDE.bottom - len(wrap(hint, case.small, SIDE.width) or [hint]) * case.small.height
    _rows(brush, hint, (case.small,), top)
    if screen.bar is not None and screen.bar.kind == "hold":
        common.hold(canvas, Box(SIDE.left - 2, top - 1, SIDE.right, 64), screen.bar.fraction)
    else:
        common.bar(canvas, screen.bar)
    return title, (help_,), hint


def _rows(brush: Brush, words: str, fonts: tuple[Font, ...], top: int) -> int:
    """Words in the first of these fonts that needs no break inside a word."""
    laid = [(font, rows) for font in fonts if (rows := wrap(words, font, SIDE.width)) is not None]
    font, rows = laid[0] if laid else (fonts[-1], chop(words, fonts[-1], SIDE.width, 3))
    for row in rows:
        brush.canvas.write(row, SIDE.left, top + font.cap, font, whole=bool(laid))
        top += font.height
    return top


def _picture(brush: Brush, body: Viewfinder) -> None:
    """The preview, scaled to fit by picking pixels; a frame of dots while there is none or it is not one."""
    stride = (body.width + 7) // 8
    sound = 0 < body.width <= LARGEST and 0 < body.height <= LARGEST
    if not sound or len(body.bits) != stride * body.height:
        for y in (PICTURE.top, PICTURE.bottom - 1):
            brush.canvas.dots(PICTURE.left, PICTURE.right, y, 4)
        return
    scale = min(PICTURE.width / body.width, PICTURE.height / body.height)
    wide, high = max(2, int(body.width * scale)), max(1, int(body.height * scale))
    pick = itemgetter(*(x * body.width // wide for x in range(wide)))
    rows = []
    for y in range(high):
        start = y * body.height // high * stride
        row = int.from_bytes(body.bits[start : start + stride], "big")
        rows.append(int("".join(pick(f"{row:0{stride * 8}b}")), 2))
    left = PICTURE.left + (PICTURE.width - wide) // 2
    brush.canvas.put(rows, wide, left, PICTURE.top + (PICTURE.height - high) // 2)
