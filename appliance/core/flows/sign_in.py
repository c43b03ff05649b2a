"""Somebody signs in: who, where, and the person's own answer. The only story that may sign.

A press that began before the screen had settled never counts, the list starts on "No", and no answer is never a yes
(checklist rows 12 and 13; CISA, Implementing Number Matching).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core import dialling
from appliance.core.dialling import Dialled
from appliance.core.effects import Blink, Buzz, Light, Sign, Sound
from appliance.core.events import AnswerStuck, Event, Held, Move, RequestEnded, Tapped, Ticked
from appliance.core.flow import ARMING, Facts, Mode, Turn, moved, settled, stay
from appliance.core.flows import notice
from appliance.core.requests import Asks, Match, Outcome, Request, Verdict
from appliance.core.screen import Ask, Bar, Choices, Dial, Line, Lines, Screen, Text, name, text

NO, YES = 0, 1
NUMBER_LENGTH = 2
ENDINGS = (
    (text("By mistake"), Verdict.DENY),
    (text("This was not me"), Verdict.REPORT),
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
    """Why not: by mistake, or "this was not me". The last line goes back."""

    request: Request
    settles_at: float
    chosen: int = 0

    awake = True


@dataclass(frozen=True, slots=True)
class Sending(Mode):
    """The answer is on its way."""

    request: Request
    verdict: Verdict

    awake = True


Answering = Asking | Numbering | Refusing | Sending


def start(request: Request, facts: Facts) -> Turn:
    """Take over the panel, wherever it was."""
    asking = Asking(request, facts.now.monotonic + ARMING)
    return Turn(asking, (Blink(Light.WAITING), Buzz(Sound.REQUEST)))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """The story of one request."""
    now = facts.now.monotonic
    match mode, event:
        case Asking() | Numbering() | Refusing() | Sending(), RequestEnded() if (
            event.request == mode.request.id
        ):
            return notice.ended(event.outcome, facts)
        case Asking() | Numbering() | Refusing() | Sending(), Ticked() if (
            now >= mode.request.deadline
        ):
            return notice.ended(Outcome.EXPIRED, facts)
        case Sending(), AnswerStuck() if event.request == mode.request.id:
            return notice.trouble(text("Not sent"), event.why, facts)
        case Asking() | Refusing(), Tapped() if settled(event, mode.settles_at):
            return _tap(mode, event, facts)
        case Asking(chosen=1), Held() if settled(event, mode.settles_at):
            return _approve(mode, facts)
        case Asking(), Held() if settled(event, mode.settles_at):
            return Turn(Refusing(mode.request, now))
        case Refusing(), Held() if settled(event, mode.settles_at):
            return _refuse(mode, facts)
        case Numbering(), Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, dialled=dialling.turn(mode.dialled, event.move)))
        case Numbering(), Held() if settled(event, mode.settles_at):
            return _take(mode, facts)
    return stay(mode)


def _tap(mode: Asking | Refusing, event: Tapped, facts: Facts) -> Turn:
    if event.move is Move.BACK:
        return _turned_back(mode, facts)
    count = 2 if isinstance(mode, Asking) else len(ENDINGS) + 1
    chosen = moved(event, mode.chosen, count)
    return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))


def _turned_back(mode: Asking | Refusing, facts: Facts) -> Turn:
    now = facts.now.monotonic
    return (
        Turn(Refusing(mode.request, now))
        if isinstance(mode, Asking)
        else Turn(Asking(mode.request, now))
    )


def _approve(mode: Asking, facts: Facts) -> Turn:
    if mode.request.match is Match.NUMBER:
        return Turn(Numbering(mode.request, facts.now.monotonic))
    return _sign(mode.request, Verdict.APPROVE)


def _refuse(mode: Refusing, facts: Facts) -> Turn:
    if mode.chosen == len(ENDINGS):
        return Turn(Asking(mode.request, facts.now.monotonic))
    return _sign(mode.request, ENDINGS[mode.chosen][1])


def _take(mode: Numbering, facts: Facts) -> Turn:
    dialled = dialling.take(mode.dialled)
    if dialled is None:
        return Turn(Asking(mode.request, facts.now.monotonic))
    if dialled.full:
        return _sign(mode.request, Verdict.APPROVE, dialled.done)
    return stay(replace(mode, dialled=dialled))


def _sign(request: Request, verdict: Verdict, match: str = "") -> Turn:
    return Turn(Sending(request, verdict), (Sign(request, verdict, match), Blink(Light.OFF)))


def view(mode: Mode, facts: Facts) -> Screen:
    """Exactly what will be signed: who, which service, where, when, and how long it can still be answered."""
    match mode:
        case Asking():
            return _with_time(mode.request, facts, _question(mode, facts))
        case Numbering():
            asks = text("Number on the login page")
            body = Dial(asks, mode.dialled.done, mode.dialled.digit, NUMBER_LENGTH)
            shown = Screen(text("Enter the number"), body, hint=text("Tap: +1 · Hold: next"))
            return _with_time(mode.request, facts, shown)
        case Refusing():
            items = (*(words for words, _ in ENDINGS), text("Back"))
            shown = Screen(
                text("Why not?"), Choices(items, mode.chosen), hint=text("Tap: next · Hold: choose")
            )
            return _with_time(mode.request, facts, shown)
    return Screen(text("Answering"), Lines((text("One moment please"),), big=True))


def _question(mode: Asking, facts: Facts) -> Screen:
    request = mode.request
    about: tuple[Line, ...] = (name(request.person), name(request.service), name(request.place))
    left = max(0, int(request.deadline - facts.now.monotonic))
    body = Ask(about, (text("No"), text("Yes")), mode.chosen, left)
    return Screen(_title(request), body, alert=True)


def _title(request: Request) -> Text:
    return text("Unlock?") if request.asks is Asks.UNLOCK else text("Signing in?")


def _with_time(request: Request, facts: Facts, screen: Screen) -> Screen:
    left = (request.deadline - facts.now.monotonic) / max(1.0, request.deadline - request.arrived)
    return replace(screen, bar=Bar("time", min(1.0, max(0.0, left))))


MODES = (Asking, Numbering, Refusing, Sending)
