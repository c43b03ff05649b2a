"""A request of an account that is closed: its PIN is typed, or chosen, before anything leads to a yes.

A refusal never needs one. After the PIN the question comes back and still wants its own hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.effects import GiveCode
from appliance.core.events import Event, Health, PartChanged, PinsChanged, PinTried
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn
from appliance.core.flows import answering, login_scan, notice, picking, pin, sign_in, unlock
from appliance.core.flows.pin import Choosing, Entering
from appliance.core.requests import Request, Verdict
from appliance.core.screen import Screen, text
from appliance.core.troubles import Trouble

TOWARDS_YES = (sign_in.Numbering, picking.Picking, login_scan.LoginScanning, unlock.GoingOn)
FIRST = text("First choose a PIN")


@dataclass(frozen=True, slots=True)
class Proving(Mode):
    """The PIN is typed."""

    entering: Entering
    request: Request
    settles_at: float

    awake = True
    waits = True
    hold = 0.8


@dataclass(frozen=True, slots=True)
class ChoosingFirst(Mode):
    """The service wants a PIN and there is none: one is chosen now."""

    choosing: Choosing
    request: Request
    settles_at: float

    awake = True
    waits = True
    hold = 0.8


def guarded(turn: Turn, facts: Facts) -> Turn:
    """The same turn, unless it leads to an approval or a code of an account that is closed: the PIN comes first."""
    mode = turn.mode
    says_yes = isinstance(mode, answering.Sending) and mode.verdict is Verdict.APPROVE
    if isinstance(mode, TOWARDS_YES) or says_yes:
        request: Request = getattr(mode, "request")  # noqa: B009 - each of these modes has one
        settles_at = facts.now.monotonic + ARMING
        if facts.lacks_pin(request.account):
            choosing = replace(pin.choosing(request.account, facts), asks=FIRST)
            return Turn(ChoosingFirst(choosing, request, settles_at))
        owner = facts.locked(request.account)
        if owner is not None:
            return Turn(Proving(Entering(owner, settles_at), request, settles_at))
    effects = tuple(
        effect
        for effect in turn.effects
        if not (isinstance(effect, GiveCode) and pin.closed(effect.account, facts))
    )
    return Turn(mode, effects)


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Dial; then back to the question with a PIN, or to its refusal without one."""
    assert isinstance(mode, Proving | ChoosingFirst)
    if isinstance(event, PartChanged) and (event.part, event.health) == ("storage", Health.BAD):
        return notice.trouble(pin.TITLE, Trouble.STORAGE, facts)
    if isinstance(mode, ChoosingFirst):
        return _choose(mode, event, facts)
    if isinstance(event, PinTried) and event.right:
        return Turn(HomeNow(mode.request.account))
    return answering.over(mode.request, event, facts) or _enter(mode, event, facts)


def _enter(mode: Proving, event: Event, facts: Facts) -> Turn:
    turn = pin.enter(mode.entering, event, facts)
    if isinstance(turn.mode, Entering):
        entering = turn.mode
        return Turn(replace(mode, entering=entering, settles_at=entering.settles_at), turn.effects)
    return _refusing(mode.request, facts)


def _choose(mode: ChoosingFirst, event: Event, facts: Facts) -> Turn:
    """A request that ends meanwhile leaves the dial as it is: the next one will need the PIN too."""
    if isinstance(event, PinsChanged):
        return Turn(HomeNow(mode.request.account))
    if answering.over(mode.request, event, facts) is not None:
        return Turn(mode.choosing)
    turn = pin.choose(mode.choosing, event, facts)
    if isinstance(turn.mode, Choosing):
        choosing = turn.mode
        return Turn(replace(mode, choosing=choosing, settles_at=choosing.settles_at), turn.effects)
    return _refusing(mode.request, facts)


def _refusing(request: Request, facts: Facts) -> Turn:
    return Turn(sign_in.Refusing(request, facts.now.monotonic + ARMING))


def view(mode: Mode, facts: Facts) -> Screen:
    """The dial, with the time that the request still has."""
    assert isinstance(mode, Proving | ChoosingFirst)
    within = mode.entering if isinstance(mode, Proving) else mode.choosing
    bar = answering.time_bar(mode.request, facts)
    return replace(pin.view(within, facts), bar=bar, alert=True)


MODES = (Proving, ChoosingFirst)
