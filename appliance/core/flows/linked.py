"""The account is linked: one press to begin."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.accounts import Account
from appliance.core.effects import Buzz, Sound
from appliance.core.elsewhere import TextToType
from appliance.core.events import Event, Ticked
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import typing_over
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Line, Lines, Screen, name, text

SEEN_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Ready(Mode):
    """Linked, and not yet seen by the person."""

    account: Account
    settles_at: float

    awake = True
    resumes = True
    ok_chooses = True


def start(account: Account, facts: Facts) -> Turn:
    """Say that it is done."""
    ready = Ready(account, facts.now.monotonic + ARMING)
    return Turn(ready, (Buzz(Sound.DONE),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Any press goes on to the account."""
    match mode, event:
        case Ready(), Held() | Tapped() if settled(event, mode.settles_at):
            return Turn(HomeNow(mode.account.id))
        case Ready(), TextToType():
            return typing_over.start(event, facts)
        case Ready(), Ticked() if facts.now.monotonic >= mode.settles_at + SEEN_SECONDS:
            return Turn(HomeNow(mode.account.id))
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Who and where, and how to go on."""
    assert isinstance(mode, Ready)
    lines = (name(mode.account.label), issuer(mode.account))
    return Screen(text("Link complete"), Lines(lines, big=True), hint=text("Press: get started"))


def issuer(account: Account) -> Line:
    """The service of an account, or that it does not say."""
    return name(account.issuer) if account.issuer else text("Unknown service")


MODES = (Ready,)
