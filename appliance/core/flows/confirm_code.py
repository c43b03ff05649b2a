"""The one-time code from the SMS: dialled with the button, or typed on the device page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core import dialling
from appliance.core.dialling import Dialled
from appliance.core.effects import DropOffer, SendConfirm
from appliance.core.events import (
    AccountKept,
    ConfirmRefused,
    ConfirmTyped,
    EnrolmentFailed,
    Event,
    Ticked,
)
from appliance.core.flow import ARMING, Facts, Mode, Turn, dial_hint, settled, stay
from appliance.core.flows import linked, notice
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Dial, Lines, Screen, text
from appliance.core.troubles import Trouble

CODE_LENGTH, CODE_SECONDS, CHECK_SECONDS = 6, 600.0, 60.0
FAILED = text("Not linked")


@dataclass(frozen=True, slots=True)
class Dialling(Mode):
    """Six digits are being dialled; `tries_left` is 0 before the first try."""

    sent_to: str
    dialled: Dialled
    until: float
    settles_at: float
    tries_left: int = 0

    awake = True
    resumes = True
    hold = 0.8

    def ok_taps(self) -> bool:
        """A tap takes every digit but the last one, which sends the code."""
        return not self.dialled.at_last


@dataclass(frozen=True, slots=True)
class Checking(Mode):
    """The portal checks the code."""

    sent_to: str
    expires: float
    until: float

    awake = True
    resumes = True


def start(sent_to: str, facts: Facts) -> Turn:
    """Ask for the code that was just sent."""
    now = facts.now.monotonic
    return Turn(Dialling(sent_to, Dialled(CODE_LENGTH), now + CODE_SECONDS, now + ARMING))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Dial, send, and dial again when it was wrong."""
    now = facts.now.monotonic
    match mode, event:
        case Dialling(), Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, dialled=dialling.turn(mode.dialled, event.move)))
        case Dialling(), Held() if settled(event, mode.settles_at):
            return _take(mode, facts)
        case Dialling(), ConfirmTyped():
            return _send(mode, event.digits, facts)
        case Checking(), AccountKept():
            return linked.start(event.account, facts)
        case Checking(), ConfirmRefused(tries_left=0):
            return notice.trouble(FAILED, Trouble.TOO_MANY_TRIES, facts)
        case Checking(), ConfirmRefused():
            again = Dialled(CODE_LENGTH)
            return Turn(Dialling(mode.sent_to, again, mode.expires, now + ARMING, event.tries_left))
        case Dialling() | Checking(), EnrolmentFailed():
            return notice.trouble(FAILED, event.why, facts)
        case Dialling() | Checking(), Ticked() if now >= mode.until:
            why = Trouble.TIMEOUT if isinstance(mode, Dialling) else Trouble.PORTAL_DOWN
            turn = notice.trouble(FAILED, why, facts)
            return Turn(turn.mode, (DropOffer(), *turn.effects))
    return stay(mode)


def _take(mode: Dialling, facts: Facts) -> Turn:
    dialled = dialling.take(mode.dialled)
    if dialled is None:
        turn = notice.told(FAILED, (text("Nothing was saved"),), facts)
        return Turn(turn.mode, (DropOffer(), *turn.effects))
    if dialled.full:
        return _send(mode, dialled.done, facts)
    return stay(replace(mode, dialled=dialled))


def _send(mode: Dialling, digits: str, facts: Facts) -> Turn:
    checking = Checking(mode.sent_to, mode.until, facts.now.monotonic + CHECK_SECONDS)
    return Turn(checking, (SendConfirm(digits),))


def view(mode: Mode, facts: Facts) -> Screen:
    """The dial, or patience."""
    match mode:
        case Dialling():
            asks = text("Code sent to {place}", place=mode.sent_to)
            if mode.tries_left:
                asks = text("Wrong. Tries left: {count}", count=str(mode.tries_left))
            body = Dial(asks, mode.dialled.done, mode.dialled.digit, mode.dialled.length)
            return Screen(text("Enter the code"), body, hint=dial_hint(mode.dialled))
    return Screen(text("Linking"), Lines((text("One moment please"),), big=True))


MODES = (Dialling, Checking)
