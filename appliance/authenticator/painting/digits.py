"""The code: big digits in two groups under the account they belong to, with the seconds they still live.

What changes here changes every second for hours, so it lies inside as few bands of eight rows as can be: those are
what a panel's controller is sent.
"""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.font import Font
from appliance.core.screen import Digits, Screen, text

GROUP_GAP = 6
NOTE_BASE, ACCOUNT_BASE, CODE_TOP = 8, 21, 24


def draw(brush: Brush, screen: Screen, body: Digits) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read; the seconds are lit while they are waited for or new."""
    urgent = body.waits is not None or body.fresh
    title = common.title(brush, screen, _note(brush, body), urgent, _base(brush, screen))
    if body.half is not None:
        return title, (brush.say(body.account).words, _half(brush, body, body.half)), ""
    case, grouped = brush.case, group(body.digits)
    account = brush.say(body.account)
    lines = (account.words, grouped)
    if account.words != brush.say(screen.title).words:
        shown = brush.row(account, 1, ACCOUNT_BASE, type_case.WIDTH - 2, case.middle)
        lines = (shown, grouped)
    font = case.code if len(body.digits) <= 6 else case.code_long
    _digits(brush, grouped, font, CODE_TOP + (case.code.cap - font.cap) // 2)
    return title, lines, common.hint(brush, screen)


def _base(brush: Brush, screen: Screen) -> int:
    """Inside the topmost band, unless an accent on a capital would lose its head there."""
    font, words = brush.case.small_bold, brush.say(screen.title).words
    glyphs = [font.glyph(letter) for letter in words[:40]]
    high = any(len(glyph.rows) + glyph.bottom > font.cap for glyph in glyphs)
    return type_case.TITLE_BASE if high else NOTE_BASE


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
    _digits(brush, digits, font, type_case.RULE + 2 + (48 - font.cap) // 2)
    return f"… {last}" if half else f"{first} …"


def _fits(font: Font, digits: str) -> bool:
    return font.width(digits) <= type_case.WIDTH


def group(digits: str) -> str:
    """Digits as people read them aloud, in two groups: 123 456, 1234 5678."""
    half = (len(digits) + 1) // 2
    return f"{digits[:half]} {digits[half:]}"


def _digits(brush: Brush, grouped: str, font: Font, top: int) -> None:
    parts = grouped.split(" ")
    wide = sum(font.width(part) for part in parts) + GROUP_GAP * (len(parts) - 1)
    left, base = (type_case.WIDTH - wide) // 2, top + font.cap
    for part in parts:
        left = brush.canvas.write(part, left, base, font) + GROUP_GAP
