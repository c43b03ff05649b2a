"""Turns a screen of words into a frame of pixels: a pure function of its inputs once the fonts are loaded.

It knows no controller, no clock and no secret but what is on the screen anyway, and it reads no file after it was
made. A panel larger than 128 x 64 gets the same picture in its middle.
"""

from __future__ import annotations

from appliance.authenticator.painting import (
    ask,
    brush,
    choices,
    dial,
    digits,
    lines,
    passage,
    qr_page,
    type_case,
    viewfinder,
)
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box, Canvas
from appliance.authenticator.painting.font import Font
from appliance.core.screen import (
    Ask,
    Choices,
    Dial,
    Digits,
    Lines,
    Passage,
    QrPage,
    Screen,
    Viewfinder,
)
from appliance.hardware.ports import Frame, Words

BRIGHTNESS = 96
DIM = 4  # a dimmed panel has this part of its brightness
WALK = (0, 1, 2, 1)  # columns to the right; a row down would make every second cost twice


class Painter:
    """Paints screens for a panel of this size, at least 128 x 64 pixels."""

    def __init__(self, width: int = type_case.GLASS, height: int = type_case.HEIGHT) -> None:
        self._width, self._height = width, height
        self._case = type_case.load_all()

    def paint(self, screen: Screen, language: str, brightness: int = BRIGHTNESS) -> Frame:
        """The frame of a screen in a language; `brightness` is the panel's contrast when it is not dimmed, 1 to 255."""
        if not screen.lit:
            dark = Canvas(self._width, self._height)
            words = Words("", (), "", None, language)
            return Frame(self._width, self._height, dark.bits(), words, brightness, lit=False)
        canvas, words = self.draw(screen, language)
        contrast = max(1, brightness // DIM) if screen.dim else brightness
        placed = self._placed(canvas, WALK[screen.shift % len(WALK)])
        return Frame(self._width, self._height, placed.bits(), words, contrast)

    @property
    def small_font(self) -> Font:
        """The smallest type, for labels on contact sheets."""
        return self._case.small

    def draw(self, screen: Screen, language: str) -> tuple[Canvas, Words]:
        """The picture of a lit screen with notes of what was written where, and its words."""
        canvas = Canvas(type_case.GLASS, type_case.HEIGHT)
        tool = Brush(canvas, self._case, language)
        title, said, hint = _body(tool, screen)
        fraction = None if screen.bar is None else min(1.0, max(0.0, screen.bar.fraction))
        if not isinstance(screen.body, Ask | Viewfinder | QrPage):
            brush.bar(canvas, screen.bar)
        return canvas, Words(title, said, hint, fraction, language)

    def _placed(self, canvas: Canvas, walked: int) -> Canvas:
        if (canvas.width, canvas.height) == (self._width, self._height) and not walked:
            return canvas
        whole = Canvas(self._width, self._height)
        left, top = (self._width - canvas.width) // 2, (self._height - canvas.height) // 2
        whole.put(canvas.rows, canvas.width, left + walked, top)
        return whole


def _body(tool: Brush, screen: Screen) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read on the canvas."""
    match screen.body:
        case Lines() as body:
            return _lines(tool, screen, body)
        case Digits() as body:
            return digits.draw(tool, screen, body)
        case Dial() as body:
            return dial.draw(tool, screen, body)
        case Ask() as body:
            return ask.draw(tool, screen, body)
        case Passage() as body:
            return passage.draw(tool, screen, body)
        case Choices() as body:
            return choices.draw(tool, screen, body)
        case Viewfinder() as body:
            return viewfinder.draw(tool, screen, body)
        case QrPage() as body:
            return qr_page.draw(tool, screen, body)


def _lines(tool: Brush, screen: Screen, body: Lines) -> tuple[str, tuple[str, ...], str]:
    bottom = type_case.HEIGHT - 2 if screen.hint is None else type_case.HINT_TOP - 1
    area = Box(1, type_case.BODY_TOP, type_case.WIDTH, bottom)
    title = brush.title(tool, screen)
    said = lines.draw(tool, tuple(map(tool.say, body.lines)), area, body.big)
    return title, said, brush.hint(tool, screen)
