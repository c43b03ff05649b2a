"""Linking an account: camera on, who and which service, hold, keys. Nothing is stored before the hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.accounts import Account
from appliance.core.effects import AcceptOffer, DropOffer, StartScan, StopScan
from appliance.core.events import (
    AccountKept,
    ConfirmAsked,
    EnrolmentFailed,
    Event,
    FrameSeen,
    OfferMade,
    OfferSought,
    ScanEnded,
    Ticked,
    Trouble,
)
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import confirm_code, linked, notice, scan_hints
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Lines, Screen, Text, Viewfinder, name, text

SCAN_SECONDS, OFFER_SECONDS, WORK_SECONDS = 60.0, 60.0, 60.0
FAILED = text("Not linked")


@dataclass(frozen=True, slots=True)
class Scanning(Mode):
    """The camera is on, and the screen says so."""

    until: float
    hint: Text = scan_hints.START
    width: int = 0
    height: int = 0
    bits: bytes = field(default=b"", repr=False)

    awake = True
    ok_chooses = True


@dataclass(frozen=True, slots=True)
class Looking(Mode):
    """A text was read or pasted; the portal is asked what it means."""

    until: float

    awake = True
    resumes = True


@dataclass(frozen=True, slots=True)
class Offered(Mode):
    """Who and which service; nothing is stored yet."""

    account: Account
    place: str
    settles_at: float
    until: float

    awake = True
    resumes = True


@dataclass(frozen=True, slots=True)
class Working(Mode):
    """Keys are made and posted."""

    until: float

    awake = True
    resumes = True


def start(facts: Facts) -> Turn:
    """Turn the camera on."""
    return Turn(Scanning(facts.now.monotonic + SCAN_SECONDS), (StartScan(SCAN_SECONDS),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """The story of one enrolment."""
    now = facts.now.monotonic
    match mode, event:
        case Scanning(), FrameSeen():
            return stay(
                replace(
                    mode,
                    hint=scan_hints.HINTS[event.hint],
                    width=event.width,
                    height=event.height,
                    bits=event.bits,
                )
            )
        case Scanning(), ScanEnded():
            return notice.trouble(FAILED, event.why, facts)
        case Scanning(), Ticked() if now >= mode.until:
            return _with(notice.trouble(FAILED, Trouble.TIMEOUT, facts), StopScan())
        case Scanning(), Held():
            return Turn(HomeNow(), (StopScan(), DropOffer()))
        case Scanning(), Tapped(move=Move.BACK):
            return Turn(HomeNow(), (StopScan(), DropOffer()))
        case Scanning() | Looking(), OfferSought():
            return Turn(Looking(now + WORK_SECONDS))
        case Scanning() | Looking(), OfferMade():
            return Turn(Offered(event.account, event.place, now + ARMING, now + OFFER_SECONDS))
        case Offered(), Held() if settled(event, mode.settles_at):
            return Turn(Working(now + WORK_SECONDS), (AcceptOffer(),))
        case Offered(), Tapped() if settled(event, mode.settles_at):
            return _with(notice.told(FAILED, (text("Nothing was saved"),), facts), DropOffer())
        case Offered() | Looking() | Working(), Ticked() if now >= mode.until:
            why = Trouble.TIMEOUT if isinstance(mode, Offered) else Trouble.PORTAL_DOWN
            return _with(notice.trouble(FAILED, why, facts), DropOffer())
        case Scanning() | Offered() | Looking() | Working(), EnrolmentFailed():
            return notice.trouble(FAILED, event.why, facts)
        case Working(), ConfirmAsked():
            return confirm_code.start(event.sent_to, facts)
        case Working(), AccountKept():
            return linked.start(event.account, facts)
    return stay(mode)


def _with(turn: Turn, *effects: StopScan | DropOffer) -> Turn:
    return Turn(turn.mode, (*effects, *turn.effects))


def view(mode: Mode, facts: Facts) -> Screen:
    """The screens of an enrolment."""
    match mode:
        case Scanning():
            body = Viewfinder(mode.width, mode.height, mode.bits, mode.hint)
            return Screen(text("Camera on"), body, hint=text("Hold: stop"))
        case Offered():
            lines = (linked.issuer(mode.account), name(mode.account.label), name(mode.place))
            return Screen(
                text("Link this account?"), Lines(lines), hint=text("Hold: link · Tap: no")
            )
    return Screen(text("Linking"), Lines((text("One moment please"),), big=True))


MODES = (Scanning, Looking, Offered, Working)
