"""A question: who, which service and where, and two answers side by side. The answer that is held fills."""

from __future__ import annotations

from appliance.authenticator.painting import brush as common
from appliance.authenticator.painting import type_case
from appliance.authenticator.painting.brush import Brush
from appliance.authenticator.painting.canvas import Box
from appliance.core.screen import Ask, Screen

ANSWERS = Box(0, 48, type_case.WIDTH, 61)
GAP = 4


def draw(brush: Brush, screen: Screen, body: Ask) -> tuple[str, tuple[str, ...], str]:
    """Title, lines and hint as they can be read; the chosen answer has "▸ " before it."""
    more = f"+{body.more}  " if body.more else ""
    title = common.title(brush, screen, f"{more}{body.seconds_left} s")
    about = _about(brush, body)
    answers = tuple(brush.own(answer) for answer in body.answers)
    holding = screen.bar is not None and screen.bar.kind == "hold"
    if holding and screen.bar is not None:
        _held(brush, answers[body.chosen], screen.bar.fraction)
    elif screen.hint is not None:
        said = brush.own(screen.hint)
        brush.centred(said, ANSWERS, ANSWERS.bottom - 3, brush.case.small_bold)
        common.bar(brush.canvas, screen.bar)
        return title, about, said
    else:
        _keys(brush, answers, body.chosen)
        common.bar(brush.canvas, screen.bar)
    marked = tuple(f"▸ {words}" if i == body.chosen else words for i, words in enumerate(answers))
    return title, (*about, *marked), ""


def _about(brush: Brush, body: Ask) -> tuple[str, ...]:
    """The first line bold, the others plain, each on one row whatever it holds; names are clipped, our words fit."""
    case, width = brush.case, type_case.WIDTH - 2
    phrases = [phrase for phrase in map(brush.say, body.about) if phrase.words][:3]
    styles = ((case.large_bold, case.large, 16), (case.middle_bold, case.middle, 12))
    fitting = (
        (first, rest, pitch)
        for first, rest, pitch in styles[len(phrases) > 2 :]
        if all(
            not phrase.ours or (rest if row else first).width(phrase.words) <= width
            for row, phrase in enumerate(phrases)
        )
    )
    first, rest, pitch = next(fitting, (case.small_bold, case.small, 12))
    top = (type_case.RULE + 2 + ANSWERS.top - len(phrases) * pitch) // 2
    return tuple(
        brush.row(phrase, 1, top + row * pitch + first.cap, width, rest if row else first)
        for row, phrase in enumerate(phrases)
    )


def _keys(brush: Brush, answers: tuple[str, ...], chosen: int) -> None:
    """The answers side by side, all in the largest type in which each fits its key."""
    wide = (ANSWERS.width - GAP * (len(answers) - 1)) // max(1, len(answers))
    fonts = (brush.case.middle_bold, brush.case.small_bold, brush.case.small)
    fitting = (font for font in fonts if all(font.width(words) <= wide - 4 for words in answers))
    font = next(fitting, brush.case.small)
    for place, words in enumerate(answers):
        left = ANSWERS.left + place * (wide + GAP)
        box = ANSWERS._replace(left=left, right=left + wide)
        inner = box._replace(left=box.left + 2, right=box.right - 2)
        brush.centred(words, inner, box.bottom - (box.height - font.cap) // 2, font)
        if place == chosen:
            brush.canvas.plate(box)
        else:
            brush.canvas.frame(box)


def _held(brush: Brush, words: str, fraction: float) -> None:
    """The chosen answer takes the whole row and fills."""
    box = ANSWERS._replace(bottom=type_case.HEIGHT)
    brush.centred(words, box, box.bottom - 4, brush.case.middle_bold)
    brush.canvas.frame(box)
    inner = Box(box.left + 2, box.top + 2, box.right - 2, box.bottom - 2)
    end = inner.left + round(inner.width * min(1.0, max(0.0, fraction)))
    brush.canvas.invert(inner._replace(right=end))
