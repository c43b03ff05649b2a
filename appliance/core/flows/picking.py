"""The login page names one of several options: it is picked here with the button, and there is one try.

A hold on an option approves with it; a wrong one ends the request. The first line goes back to the question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.events import Event
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, moved, settled, stay
from appliance.core.flows import answering
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.requests import Request, Verdict
from appliance.core.screen import Choices, Line, Screen, name, text


@dataclass(frozen=True, slots=True)
class Picking(Mode):
    """One of the options is under the thumb, at first the line that goes back."""

    request: Request
    settles_at: float
    chosen: int = 0

    awake = True
    waits = True


def start(request: Request, facts: Facts) -> Turn:
    """Ask which one the login page shows; it begins on the line that goes back."""
    return Turn(Picking(request, facts.now.monotonic + ARMING))


def picked(mode: Picking) -> str:
    """The option under the thumb; empty on the line that goes back."""
    return mode.request.options[mode.chosen - 1] if mode.chosen else ""


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Move, then hold on the one that the page shows."""
    match mode, event:
        case Picking(), Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return stay(replace(mode, chosen=0))
        case Picking(), Tapped() if settled(event, mode.settles_at):
            chosen = moved(event, mode.chosen, len(mode.request.options) + 1)
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Picking(), Held() if mode.chosen and settled(event, mode.settles_at):
            return answering.sign(mode.request, Verdict.APPROVE, picked(mode))
        case Picking(), Held() if settled(event, mode.settles_at):
            return Turn(HomeNow(mode.request.account))
        case Picking(), _:
            return answering.over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """The options, and how long it can still be answered."""
    assert isinstance(mode, Picking)
    items: tuple[Line, ...] = (text("Back"), *map(name, mode.request.options))
    body = Choices(items, mode.chosen)
    bar = answering.time_bar(mode.request, facts)
    hint = text("Tap: next · Hold: send") if mode.chosen else text("Which one is on the page?")
    return Screen(text("Pick one, one try"), body, hint=hint, bar=bar)


MODES = (Picking,)
