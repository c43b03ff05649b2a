"""The answer is signed and on its way: the only place where the effect `Sign` is written down.

It also holds what every open request shares: it may end elsewhere, and it never outlives its deadline.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.effects import Sign, StopScan
from appliance.core.elsewhere import DigitsToType
from appliance.core.events import AnswerStuck, Event, RequestEnded, Ticked
from appliance.core.flow import Facts, Mode, Turn, stay
from appliance.core.flows import notice, typing_over
from appliance.core.requests import Asks, Outcome, Request, Verdict
from appliance.core.screen import Bar, Lines, Screen, text


@dataclass(frozen=True, slots=True)
class Sending(Mode):
    """The answer is on its way to the portal."""

    request: Request
    verdict: Verdict

    awake = True


def sign(request: Request, verdict: Verdict, match: str = "") -> Turn:
    """Sign the person's answer; called only for a hold that began after its screen had settled."""
    return Turn(Sending(request, verdict), (Sign(request, verdict, match),))


def over(request: Request, event: Event, facts: Facts) -> Turn | None:
    """The end of this request, if the event is one: an outcome from the portal, or the deadline."""
    match event:
        case RequestEnded() if event.request == request.id:
            if request.asks is Asks.UNLOCK and event.outcome is Outcome.APPROVED:
                return notice.unlocked(facts)
            return notice.ended(event.outcome, facts)
        case Ticked() if facts.now.monotonic >= request.deadline:
            turn = notice.ended(Outcome.EXPIRED, facts)
            return Turn(turn.mode, (StopScan(), *turn.effects))
    return None


def time_bar(request: Request, facts: Facts) -> Bar:
    """How much of the request's life is left, in whole seconds: a bar that creeps would keep the bus busy."""
    left = seconds_left(request, facts) / max(1.0, request.deadline - request.arrived)
    return Bar("time", min(1.0, left))


def more(request: Request, facts: Facts) -> int:
    """How many other requests wait behind this one."""
    return sum(1 for other in facts.waiting if other.id != request.id)


def seconds_left(request: Request, facts: Facts) -> int:
    """Whole seconds in which it can still be answered."""
    return max(0, int(request.deadline - facts.now.monotonic))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Wait for the portal's word."""
    match mode, event:
        case Sending(), AnswerStuck() if event.request == mode.request.id:
            return notice.unsent(event.why, facts)
        case Sending(), DigitsToType() if event.request == mode.request.id:
            return typing_over.digits(event, mode.request.account, facts)
        case Sending(), _:
            return over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Patience."""
    assert isinstance(mode, Sending)
    body = Lines((text("One moment please"),), big=True)
    return Screen(text("Answering"), body, bar=time_bar(mode.request, facts))


MODES = (Sending,)
