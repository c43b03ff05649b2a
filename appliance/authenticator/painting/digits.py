"""The code: big digits in two groups under the account they belong to, with the seconds they still live."""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import Font
from appliance.core.screen import Digits, Screen, text

GROUP_GAP = 6


def draw(brush: Brush, screen: Screen, body: Digits) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read; in the first second of a new code the digits are inverted."""
    title = common.title(brush, screen, _note(brush, body), urgent=body.waits is not None)
    if body.half is not None:
        return title, (brush.say(body.account).words, _half(brush, body, body.half)), ""
    case, grouped = brush.case, group(body.digits)
    account = brush.say(body.account)
    top, lines = type_case.BODY_TOP + 5, (account.words, grouped)
    if account.words != brush.say(screen.title).words:
        base = type_case.BODY_TOP + case.middle.cap
        shown = brush.row(account, 1, base, type_case.WIDTH - 2, case.middle)
        top, lines = base + 4, (shown, grouped)
    font = case.code if len(body.digits) <= 6 else case.code_long
    _digits(brush, grouped, font, top + (case.code.cap - font.cap) // 2, body.fresh)
    return title, lines, common.hint(brush, screen)


def _note(brush: Brush, body: Digits) -> str:
    """How long the code lives, or how long to wait until it is good; in the big mode also which half it is."""
    if body.waits is not None:
        note = brush.own(text("wait {seconds} s", seconds=str(body.waits)))
    else:
        note = "" if body.seconds_left is None else f"{body.seconds_left} s"
    return note if body.half is None else f"{body.half + 1}/2  {note}".rstrip()


def _half(brush: Brush, body: Digits, half: int) -> str:
    """One half of the digits as large as the panel allows, marked in words with what is missing."""
    first, _, last = group(body.digits).partition(" ")
    digits = last if half else first
    font = next(f for f in (brush.case.code_big, brush.case.code) if _fits(f, digits))
    _digits(brush, digits, font, type_case.RULE + 2 + (48 - font.cap) // 2, body.fresh)
    return f"… {last}" if half else f"{first} …"


def _fits(font: Font, digits: str) -> bool:
    return font.width(digits) <= type_case.WIDTH


def group(digits: str) -> str:
    """Digits as people read them aloud, in two groups: 123 456, 1234 5678."""
    half = (len(digits) + 1) // 2
    return f"{digits[:half]} {digits[half:]}"


def _digits(brush: Brush, grouped: str, font: Font, top: int, fresh: bool) -> None:
    parts = grouped.split(" ")
    wide = sum(font.width(part) for part in parts) + GROUP_GAP * (len(parts) - 1)
    left, base = (type_case.WIDTH - wide) // 2, top + font.cap
    for part in parts:
        left = brush.canvas.write(part, left, base, font) + GROUP_GAP
    if fresh:
        brush.canvas.plate(Box(0, top - 1, type_case.WIDTH, base + 1))
