"""Too many wrong passwords: unlock in two steps, with when and from where the wrong ones came.

The second screen says exactly that the password has not changed. "Not me" keeps the account locked and reports it:
an unlock request is also what an attacker triggers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core import details
from appliance.core.events import Event
from appliance.core.flow import ARMING, Facts, Mode, Turn, moved, settled, stay
from appliance.core.flows import answering
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.requests import Request, Verdict
from appliance.core.screen import Ask, Line, Passage, Screen, name, text

NOT_ME, UNLOCK = 0, 1
BACK, GO_ON = 0, 1


@dataclass(frozen=True, slots=True)
class Unlocking(Mode):
    """Step one: the account is locked, and this is why."""

    request: Request
    settles_at: float
    chosen: int = NOT_ME

    awake = True
    waits = True


@dataclass(frozen=True, slots=True)
class GoingOn(Mode):
    """Step two: the password has not changed; go on."""

    request: Request
    settles_at: float
    chosen: int = BACK

    awake = True
    waits = True


def start(request: Request, facts: Facts) -> Turn:
    """Take over the panel, with a rhythm and words of its own."""
    return Turn(Unlocking(request, facts.now.monotonic + ARMING))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Unlock, go on; or "not me"."""
    now = facts.now.monotonic
    match mode, event:
        case GoingOn(), Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return Turn(Unlocking(mode.request, now))
        case Unlocking(), Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, chosen=_moved(mode, event)))
        case GoingOn(), Tapped() if settled(event, mode.settles_at):
            chosen = moved(event, mode.chosen, 2)
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Unlocking(chosen=1), Held() if settled(event, mode.settles_at):
            return Turn(GoingOn(mode.request, now))
        case Unlocking(), Held() if mode.chosen > UNLOCK and settled(event, mode.settles_at):
            return Turn(Unlocking(mode.request, now))
        case Unlocking(), Held() if settled(event, mode.settles_at):
            return answering.sign(mode.request, Verdict.REPORT)
        case GoingOn(chosen=1), Held() if settled(event, mode.settles_at):
            return answering.sign(mode.request, Verdict.APPROVE)
        case GoingOn(), Held() if settled(event, mode.settles_at):
            return Turn(Unlocking(mode.request, now))
        case Unlocking() | GoingOn(), _:
            return answering.over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def _moved(mode: Unlocking, event: Tapped) -> int:
    if event.move is Move.BACK:
        return NOT_ME
    chosen = moved(event, mode.chosen, 2 + len(told(mode.request)))
    return mode.chosen if chosen is None else chosen


def told(request: Request) -> tuple[tuple[Line, ...], ...]:
    """Everything that will be signed, in full, page by page."""
    names = request.person, request.service, request.note, request.place
    return details.request_pages(names, request.issued, request.origin)


def view(mode: Mode, facts: Facts) -> Screen:
    """Why it is locked; then what stays as it was."""
    match mode:
        case Unlocking(request=request) if mode.chosen > UNLOCK:
            pages, page = told(request), mode.chosen - UNLOCK
            body = Passage(pages[page - 1], page, len(pages))
            bar = answering.time_bar(request, facts)
            return Screen(text("In full"), body, alert=True, bar=bar)
        case Unlocking(request=request):
            about: tuple[Line, ...] = (
                name(request.person),
                text("Wrong passwords:"),
                name(request.note or request.place),
            )
            answers, title = (text("Not me"), text("Unlock")), text("Account locked")
        case GoingOn(request=request):
            about = (name(request.person), text("Password stays"), text("the same"))
            answers, title = (text("Back"), text("Go on")), text("Unlock account?")
        case _:
            raise TypeError(type(mode))
    left, more = answering.seconds_left(request, facts), answering.more(request, facts)
    asked = Ask(about, answers, mode.chosen, left, more)
    return Screen(title, asked, alert=True, bar=answering.time_bar(request, facts))


MODES = (Unlocking, GoingOn)
