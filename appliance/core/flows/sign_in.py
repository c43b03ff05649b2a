"""Somebody signs in: who, where, and the person's own answer.

A press that began before the screen had settled never counts, the list starts on "No", and no answer is never a yes
(checklist rows 12 and 13; CISA, Implementing Number Matching).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core import dialling
from appliance.core.dialling import Dialled
from appliance.core.effects import Blink, Buzz, Light, Sound
from appliance.core.events import Event
from appliance.core.flow import ARMING, Facts, Mode, Turn, moved, settled, stay
from appliance.core.flows import answering, login_scan
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.requests import Match, Request, Verdict
from appliance.core.screen import Ask, Choices, Dial, Line, Screen, name, text

NO, YES = 0, 1
NUMBER_LENGTH = 2
ENDINGS = (
    (text("By mistake"), Verdict.DENY),
    (text("This was not me"), Verdict.REPORT),
    (text("Block me for a while"), Verdict.BLOCK),
)


@dataclass(frozen=True, slots=True)
class Asking(Mode):
    """The question itself, on "No" until somebody moves it."""

    request: Request
    settles_at: float
    chosen: int = NO

    awake = True


@dataclass(frozen=True, slots=True)
class Numbering(Mode):
    """The number from the login page is being dialled."""

    request: Request
    settles_at: float
    dialled: Dialled = field(default_factory=lambda: Dialled(NUMBER_LENGTH))

    awake = True
    hold = 0.8


@dataclass(frozen=True, slots=True)
class Refusing(Mode):
    """Why not: by mistake, "this was not me", or leave me in peace. The last line goes back."""

    request: Request
    settles_at: float
    chosen: int = 0

    awake = True


def start(request: Request, facts: Facts) -> Turn:
    """Take over the panel, wherever it was."""
    asking = Asking(request, facts.now.monotonic + ARMING)
    return Turn(asking, (Blink(Light.WAITING), Buzz(Sound.REQUEST)))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """The story of one login."""
    match mode, event:
        case Asking() | Refusing(), Tapped() if settled(event, mode.settles_at):
            return _tap(mode, event, facts)
        case Asking(chosen=1), Held() if settled(event, mode.settles_at):
            return _approve(mode, facts)
        case Asking(), Held() if settled(event, mode.settles_at):
            return Turn(Refusing(mode.request, facts.now.monotonic))
        case Refusing(), Held() if settled(event, mode.settles_at):
            return _refuse(mode, facts)
        case Numbering(), Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, dialled=dialling.turn(mode.dialled, event.move)))
        case Numbering(), Held() if settled(event, mode.settles_at):
            return _take(mode, facts)
        case Asking() | Numbering() | Refusing(), _:
            return answering.over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def _tap(mode: Asking | Refusing, event: Tapped, facts: Facts) -> Turn:
    now = facts.now.monotonic
    if event.move is Move.BACK:
        other = (
            Refusing(mode.request, now) if isinstance(mode, Asking) else Asking(mode.request, now)
        )
        return Turn(other)
    count = 2 if isinstance(mode, Asking) else len(ENDINGS) + 1
    chosen = moved(event, mode.chosen, count)
    return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))


def _approve(mode: Asking, facts: Facts) -> Turn:
    match mode.request.match:
        case Match.NUMBER:
            return Turn(Numbering(mode.request, facts.now.monotonic))
        case Match.SCAN:
            return login_scan.start(mode.request, facts)
        case Match.PRESS:
            return answering.sign(mode.request, Verdict.APPROVE)


def _refuse(mode: Refusing, facts: Facts) -> Turn:
    if mode.chosen == len(ENDINGS):
        return Turn(Asking(mode.request, facts.now.monotonic))
    return answering.sign(mode.request, ENDINGS[mode.chosen][1])


def _take(mode: Numbering, facts: Facts) -> Turn:
    dialled = dialling.take(mode.dialled)
    if dialled is None:
        return Turn(Asking(mode.request, facts.now.monotonic))
    if dialled.full:
        return answering.sign(mode.request, Verdict.APPROVE, dialled.done)
    return stay(replace(mode, dialled=dialled))


def view(mode: Mode, facts: Facts) -> Screen:
    """Exactly what will be signed: who, which service, where, when, and how long it can still be answered."""
    match mode:
        case Asking():
            return replace(_question(mode, facts), bar=answering.time_bar(mode.request, facts))
        case Numbering():
            asks = text("Number on the login page")
            body = Dial(asks, mode.dialled.done, mode.dialled.digit, NUMBER_LENGTH)
            bar = answering.time_bar(mode.request, facts)
            return Screen(
                text("Enter the number"), body, hint=text("Tap: +1 · Hold: next"), bar=bar
            )
        case Refusing():
            items = Choices((*(words for words, _ in ENDINGS), text("Back")), mode.chosen)
            bar = answering.time_bar(mode.request, facts)
            return Screen(text("Why not?"), items, hint=text("Tap: next · Hold: choose"), bar=bar)
    raise TypeError(type(mode))


def _question(mode: Asking, facts: Facts) -> Screen:
    request = mode.request
    about: tuple[Line, ...] = (name(request.person), name(request.service), name(request.place))
    left = answering.seconds_left(request, facts)
    return Screen(
        text("Signing in?"), Ask(about, (text("No"), text("Yes")), mode.chosen, left), alert=True
    )


MODES = (Asking, Numbering, Refusing)
