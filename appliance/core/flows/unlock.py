"""Too many wrong passwords: unlock in two steps, with when and from where the wrong ones came.

The second screen says exactly that the password has not changed. "Not me" keeps the account locked and reports it:
an unlock request is also what an attacker triggers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.effects import Blink, Buzz, Light, Sound
from appliance.core.events import Event
from appliance.core.flow import ARMING, Facts, Mode, Turn, moved, settled, stay
from appliance.core.flows import answering
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.requests import Request, Verdict
from appliance.core.screen import Ask, Line, Screen, name, text

NOT_ME, UNLOCK = 0, 1
BACK, GO_ON = 0, 1


@dataclass(frozen=True, slots=True)
class Unlocking(Mode):
    """Step one: the account is locked, and this is why."""

    request: Request
    settles_at: float
    chosen: int = NOT_ME

    awake = True


@dataclass(frozen=True, slots=True)
class GoingOn(Mode):
    """Step two: the password has not changed; go on."""

    request: Request
    settles_at: float
    chosen: int = BACK

    awake = True


def start(request: Request, facts: Facts) -> Turn:
    """Take over the panel, with a rhythm and words of its own."""
    unlocking = Unlocking(request, facts.now.monotonic + ARMING)
    return Turn(unlocking, (Blink(Light.WAITING), Buzz(Sound.REQUEST)))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Unlock, go on; or "not me"."""
    now = facts.now.monotonic
    match mode, event:
        case GoingOn(), Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return Turn(Unlocking(mode.request, now))
        case Unlocking() | GoingOn(), Tapped() if settled(event, mode.settles_at):
            chosen = moved(event, mode.chosen, 2)
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Unlocking(chosen=1), Held() if settled(event, mode.settles_at):
            return Turn(GoingOn(mode.request, now))
        case Unlocking(), Held() if settled(event, mode.settles_at):
            return answering.sign(mode.request, Verdict.REPORT)
        case GoingOn(chosen=1), Held() if settled(event, mode.settles_at):
            return answering.sign(mode.request, Verdict.APPROVE)
        case GoingOn(), Held() if settled(event, mode.settles_at):
            return Turn(Unlocking(mode.request, now))
        case Unlocking() | GoingOn(), _:
            return answering.over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Why it is locked; then what stays as it was."""
    match mode:
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
    body = Ask(about, answers, mode.chosen, answering.seconds_left(request, facts))
    return Screen(title, body, alert=True, bar=answering.time_bar(request, facts))


MODES = (Unlocking, GoingOn)
