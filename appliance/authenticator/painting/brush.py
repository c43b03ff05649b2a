"""What every layout needs to draw: the canvas, the type case, the language; and the rows that all screens share.

The title stands at the top over a thin rule, the hint at the bottom, the bar below it. A request's title is inverted
with a mark: it is gone within a minute, so it cannot burn in.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.canvas import Box, Canvas
from appliance.authenticator.painting.font import Font
from appliance.authenticator.painting.phrases import Phrase, say, say_text
from appliance.authenticator.painting.type_case import TypeCase
from appliance.core.screen import Bar, Line, Screen, Text

BETWEEN = " · "  # parts a hint in what a tap and what a hold does
HINT_GAP = 4
MARK = 4  # how far the mark of an outside name moves its words to the right


@dataclass(frozen=True, slots=True)
class Brush:
    """A canvas of 128 x 64 with the type and language to fill it."""

    canvas: Canvas
    case: TypeCase
    language: str

    def say(self, line: Line) -> Phrase:
        """The words of a line in the brush's language."""
        return say(line, self.language)

    def own(self, sentence: Text) -> str:
        """The words of one of our sentences."""
        return say_text(sentence, self.language)

    def row(self, phrase: Phrase, left: int, baseline: int, width: int, font: Font) -> str:
        """One phrase on one row from `left` on, clipped; a name from outside has a bar before it. Returns the words."""
        if phrase.ours:
            return self._clipped(phrase, left, baseline, width, font)
        self.mark(left, baseline - font.cap, baseline)
        return self._clipped(phrase, left + MARK, baseline, width - MARK, font)

    def mark(self, left: int, top: int, bottom: int) -> None:
        """The bar in the margin that says: these words are not ours."""
        self.canvas.fill(Box(left, top, left + 1, bottom))

    def _clipped(self, phrase: Phrase, left: int, baseline: int, width: int, font: Font) -> str:
        words = font.clip(phrase.words, width)
        whole = words == phrase.words
        self.canvas.write(words, left, baseline, font, whole=whole, ours=phrase.ours)
        return words

    def centred(self, words: str, box: Box, baseline: int, font: Font) -> None:
        """Our words in the middle of a box."""
        drawn = font.clip(words, box.width)
        left = box.left + (box.width - font.width(drawn) + 1) // 2
        self.canvas.write(drawn, left, baseline, font, whole=drawn == words)


def title(
    brush: Brush,
    screen: Screen,
    note: str = "",
    urgent: bool = False,
    base: int = type_case.TITLE_BASE,
) -> str:
    """The title over its rule, a short note at its right, lit when urgent. Returns the title's words."""
    case, canvas = brush.case, brush.canvas
    rule = base + type_case.RULE - type_case.TITLE_BASE
    room = type_case.WIDTH - 2
    if note:
        room -= case.small_bold.width(note) + 5
        canvas.write(note, room + 5, type_case.TITLE_BASE if urgent else base, case.small_bold)
        if urgent:
            canvas.plate(Box(room + 2, 0, type_case.WIDTH, type_case.RULE - 1))
    left = 1
    if screen.alert:
        left = canvas.write("!", 4, base, case.small_bold) + 4
    words = brush.row(brush.say(screen.title), left, base, room - left, case.small_bold)
    if screen.alert:
        canvas.invert(Box(0, 0, type_case.WIDTH, rule))
    else:
        canvas.dots(0, room if urgent else type_case.WIDTH, rule, 2)
    return words


def hint(brush: Brush, screen: Screen) -> str:
    """What the keys do, on the last row: one thing in the middle, two things in the two corners."""
    if screen.hint is None:
        return ""
    words, font = brush.own(screen.hint), brush.case.small
    row = Box(1, type_case.HINT_TOP, type_case.WIDTH - 1, type_case.BAR_TOP)
    first, parted, second = words.partition(BETWEEN)
    if not parted:
        brush.centred(words, row, type_case.HINT_BASE, font)
        return words
    split = row.right - font.width(second)
    brush.row(Phrase(first), row.left, type_case.HINT_BASE, split - row.left - HINT_GAP, font)
    brush.row(Phrase(second), split, type_case.HINT_BASE, row.right - split, font)
    return words


def bar(canvas: Canvas, shown: Bar | None) -> float | None:
    """The bar: time as a thin line that runs out over dots that stand still, a hold as a key that fills."""
    if shown is None:
        return None
    fraction = min(1.0, max(0.0, shown.fraction))
    if shown.kind == "hold":
        hold(canvas, Box(0, type_case.HINT_TOP - 1, type_case.WIDTH, type_case.HEIGHT), fraction)
    else:
        end = round(type_case.WIDTH * fraction)
        canvas.fill(Box(0, type_case.BAR_TOP, end, type_case.HEIGHT))
        canvas.dots(end + 2 + -(end + 2) % 4, type_case.WIDTH, type_case.HEIGHT - 1, 4)
    return fraction


def hold(canvas: Canvas, box: Box, fraction: float) -> None:
    """A plate that grows from the left while the key is held; the words on it stay readable."""
    end = box.left + round(box.width * min(1.0, max(0.0, fraction)))
    for y in (box.top, box.bottom - 1):
        canvas.dots(end + 2, box.right, y, 4)
    canvas.plate(box._replace(right=end))
