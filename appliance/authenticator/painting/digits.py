"""The code: big digits in two groups under the account they belong to, with the seconds they still live."""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box
from appliance.authenticator.painting.font import Font
from appliance.core.screen import Digits, Screen

GROUP_GAP = 6
PAGE = 3  # so few digits are one page of the big mode


def draw(brush: Brush, screen: Screen, body: Digits) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read; in the first second of a new code the digits are inverted."""
    case = brush.case
    left = "" if body.seconds_left is None else f"{body.seconds_left} s"
    title = common.title(brush, screen, left)
    grouped = group(body.digits)
    if len(body.digits) <= PAGE:
        _digits(brush, grouped, case.code_big, type_case.RULE + 2, body.fresh)
        return title, (brush.say(body.account).words, grouped), ""
    account = brush.say(body.account)
    top, lines = type_case.BODY_TOP + 5, (account.words, grouped)
    if account.words != brush.say(screen.title).words:
        base = type_case.BODY_TOP + case.middle.cap
        shown = brush.row(account, 1, base, type_case.WIDTH - 2, case.middle)
        top, lines = base + 4, (shown, grouped)
    font = case.code if len(body.digits) <= 6 else case.code_long
    _digits(brush, grouped, font, top + (case.code.cap - font.cap) // 2, body.fresh)
    return title, lines, common.hint(brush, screen)


def group(digits: str) -> str:
    """Digits as people read them aloud: 123 456, 1234 5678; three or fewer stay together."""
    if len(digits) <= PAGE:
        return digits
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
