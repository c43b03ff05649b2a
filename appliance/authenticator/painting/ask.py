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
    title = common.title(brush, screen, f"{body.seconds_left} s")
    about = _about(brush, body)
    answers = tuple(brush.own(answer) for answer in body.answers)
    holding = screen.bar is not None and screen.bar.kind == "hold"
    if holding and screen.bar is not None:
        _held(brush, answers[body.chosen], screen.bar.fraction)
    else:
        _keys(brush, answers, body.chosen)
        common.bar(brush.canvas, screen.bar)
    marked = tuple(f"▸ {words}" if i == body.chosen else words for i, words in enumerate(answers))
    return title, (*about, *marked), ""


def _about(brush: Brush, body: Ask) -> tuple[str, ...]:
    """The first line bold, the others plain, each on one row whatever it holds."""
    case = brush.case
    phrases = [phrase for phrase in map(brush.say, body.about) if phrase.words]
    few = len(phrases) <= 2
    fonts = (case.large_bold, case.large) if few else (case.middle_bold, case.middle)
    pitch, top = (16, 15) if few else (12, 12)
    return tuple(
        brush.row(
            phrase, 1, top + row * pitch + fonts[0].cap, type_case.WIDTH - 2, fonts[min(row, 1)]
        )
        for row, phrase in enumerate(phrases[:3])
    )


def _keys(brush: Brush, answers: tuple[str, ...], chosen: int) -> None:
    wide = (ANSWERS.width - GAP * (len(answers) - 1)) // max(1, len(answers))
    for place, words in enumerate(answers):
        left = ANSWERS.left + place * (wide + GAP)
        box = ANSWERS._replace(left=left, right=left + wide)
        brush.centred(words, box, box.bottom - 2, brush.case.middle_bold)
        if place == chosen:
            brush.canvas.plate(box)
        else:
            brush.canvas.frame(box)


def _held(brush: Brush, words: str, fraction: float) -> None:
    box = ANSWERS._replace(bottom=type_case.HEIGHT)
    brush.centred(words, box, box.bottom - 4, brush.case.middle_bold)
    common.hold(brush.canvas, box, min(1.0, max(0.0, fraction)))
