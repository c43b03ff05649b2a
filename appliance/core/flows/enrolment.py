"""Linking an account: camera on, who and which service, hold, keys. Nothing is stored before the hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.accounts import Account, Kind
from appliance.core.effects import (
    AcceptOffer,
    Buzz,
    DropOffer,
    NextOffer,
    Sound,
    StartScan,
    StopScan,
)
from appliance.core.elsewhere import KeyMade, KeyMaking, TextToType, WordsAsked
from appliance.core.events import (
    AccountKept,
    ConfirmAsked,
    EnrolmentFailed,
    Event,
    ExportSeen,
    FrameSeen,
    OfferMade,
    OfferSought,
    ScanEnded,
    Ticked,
)
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import (
    asked,
    confirm_code,
    linked,
    notice,
    scan_hints,
    spelling,
    typing_over,
)
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Line, Lines, Screen, Text, Viewfinder, name, text
from appliance.core.troubles import Trouble
from appliance.core.wishes import Wished

SCAN_SECONDS, OFFER_SECONDS, WORK_SECONDS, KEY_SECONDS = 60.0, 60.0, 60.0, 600.0
FAILED = text("Not linked")


@dataclass(frozen=True, slots=True)
class Scanning(Mode):
    """The camera is on, and the screen says so."""

    until: float
    hint: Text = scan_hints.START
    width: int = 0
    height: int = 0
    bits: bytes = field(default=b"", repr=False)
    have: int = 0
    of: int = 0

    awake = True
    ok_chooses = True


@dataclass(frozen=True, slots=True)
class Looking(Mode):
    """A text was read or pasted; the portal is asked what it means, or the page has pictures of an export to come."""

    until: float
    have: int = 0
    of: int = 0

    awake = True
    resumes = True


@dataclass(frozen=True, slots=True)
class Offered(Mode):
    """Who and which service; nothing is stored yet."""

    account: Account
    place: str
    settles_at: float
    until: float
    number: int = 1
    of: int = 1
    kept: int = 0

    awake = True
    resumes = True


@dataclass(frozen=True, slots=True)
class Working(Mode):
    """Keys are made and posted; `more` accounts of the same export are still to be offered."""

    until: float
    more: bool = False

    awake = True
    resumes = True


@dataclass(frozen=True, slots=True)
class Making(Mode):
    """A key is being made on the device, which takes a while on a small board; a hold or a tap back gives it up."""

    began: float
    until: float

    awake = True
    resumes = True
    ok_chooses = True


def start(facts: Facts) -> Turn:
    """Turn the camera on."""
    return Turn(Scanning(facts.now.monotonic + SCAN_SECONDS), (StartScan(SCAN_SECONDS),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """The story of one enrolment."""
    now = facts.now.monotonic
    match mode, event:
        case Scanning(), FrameSeen() | ScanEnded() | ExportSeen():
            return _camera_said(mode, event, facts)
        case Scanning(), Ticked() if now >= mode.until:
            return _with(notice.trouble(FAILED, Trouble.TIMEOUT, facts), StopScan(), DropOffer())
        case Scanning(), Held() | Tapped(move=Move.BACK):
            return Turn(HomeNow(), (StopScan(), DropOffer()))
        case Scanning() | Looking(), Wished():
            return _with(asked.start(event.wish, facts), StopScan(), DropOffer())
        case Looking(of=of), Held() | Tapped(move=Move.BACK) if of:
            return Turn(HomeNow(), (DropOffer(),))
        case Scanning() | Looking() | Offered(), OfferSought() | OfferMade() | ExportSeen():
            return Turn(_found(event, now))
        case Working(), OfferMade():
            return Turn(_found(event, now))
        case Offered(), Held() if settled(event, mode.settles_at):
            more = mode.number < mode.of
            return Turn(Working(now + WORK_SECONDS, more), (AcceptOffer(),))
        case Offered(), Tapped() if settled(event, mode.settles_at):
            return _refused(mode, event, facts)
        case Offered(kept=kept), Ticked() if kept and now >= mode.until:
            return _with(_some_kept(mode, facts), DropOffer())
        case Offered() | Looking() | Working() | Making(), Ticked() if now >= mode.until:
            waits = isinstance(mode, Offered) or (isinstance(mode, Looking) and mode.of)
            why = Trouble.TIMEOUT if waits else Trouble.PORTAL_DOWN
            return _with(notice.trouble(FAILED, why, facts), DropOffer())
        case Working() | Making(), KeyMaking() | KeyMade() | Held() | Tapped():
            return _making(mode, event, facts)
        case Working(), TextToType():
            return typing_over.start(event, facts)
        case Scanning() | Offered() | Looking() | Working() | Making(), EnrolmentFailed():
            return notice.trouble(FAILED, event.why, facts)
        case Working(), WordsAsked():
            after = Working(now + spelling.SPELL_SECONDS + WORK_SECONDS)
            return spelling.start(event, after, facts)
        case Working(), ConfirmAsked():
            return confirm_code.start(event.sent_to, facts)
        case Working(), AccountKept() if mode.more:
            return Turn(Looking(now + WORK_SECONDS), (Buzz(Sound.DONE), NextOffer()))
        case Working(), AccountKept():
            return linked.start(event.account, facts)
    return stay(mode)


def _making(mode: Mode, event: Event, facts: Facts) -> Turn:
    """A key is made for a push token; it can be given up while that lasts."""
    now = facts.now.monotonic
    match mode, event:
        case Working(), KeyMaking():
            return Turn(Making(now, now + KEY_SECONDS))
        case Making(), KeyMade():
            return Turn(Working(now + WORK_SECONDS))
        case Making(), Held() | Tapped(move=Move.BACK):
            return _with(notice.told(FAILED, (text("Nothing was saved"),), facts), DropOffer())
    return stay(mode)


def _camera_said(mode: Scanning, event: FrameSeen | ScanEnded | ExportSeen, facts: Facts) -> Turn:
    match event:
        case FrameSeen():
            hint = scan_hints.HINTS[event.hint]
            glance = replace(mode, width=event.width, height=event.height, bits=event.bits)
            return stay(replace(glance, hint=hint))
        case ScanEnded():
            return _with(notice.trouble(FAILED, event.why, facts), DropOffer())
        case ExportSeen():
            until = facts.now.monotonic + SCAN_SECONDS
            return Turn(
                replace(mode, until=until, have=event.have, of=event.of), (StartScan(SCAN_SECONDS),)
            )


def _found(event: OfferSought | OfferMade | ExportSeen, now: float) -> Mode:
    """What was read or pasted last; it takes the place of what was offered before, and must be read anew."""
    match event:
        case ExportSeen():
            return Looking(now + OFFER_SECONDS, event.have, event.of)
        case OfferMade():
            place = Offered(event.account, event.place, now + ARMING, now + OFFER_SECONDS)
            return replace(place, number=event.number, of=event.of, kept=event.kept)
    return Looking(now + WORK_SECONDS)


def _refused(mode: Offered, event: Tapped, facts: Facts) -> Turn:
    """No to this account: the next one of the export, unless this was the last or the back key ends it all."""
    if mode.number < mode.of and event.move is not Move.BACK:
        return Turn(Looking(facts.now.monotonic + WORK_SECONDS), (NextOffer(),))
    if mode.kept:
        return _with(_some_kept(mode, facts), DropOffer())
    return _with(notice.told(FAILED, (text("Nothing was saved"),), facts), DropOffer())


def _some_kept(mode: Offered, facts: Facts) -> Turn:
    kept = text("Linked: {count} of {all}", count=str(mode.kept), all=str(mode.of))
    return notice.told(text("Link complete"), (kept,), facts)


def _with(turn: Turn, *effects: StopScan | DropOffer) -> Turn:
    return Turn(turn.mode, (*effects, *turn.effects))


def view(mode: Mode, facts: Facts) -> Screen:
    """The screens of an enrolment."""
    match mode:
        case Scanning():
            body = Viewfinder(mode.width, mode.height, mode.bits, mode.hint)
            title = text("Camera on")
            if mode.of:
                title = text("Camera on: {have} of {all}", **_counts(mode))
            return Screen(title, body, hint=text("Hold: stop"))
        case Looking() if mode.of:
            seen = text("{have} of {all} pictures", **_counts(mode))
            lines = (seen, text("Show the next picture"))
            return Screen(text("Linking"), Lines(lines, big=True), hint=text("Hold: stop"))
        case Making():
            seconds = str(int(facts.now.monotonic - mode.began))
            lines = (text("A key is being made"), text("Busy for {seconds} s", seconds=seconds))
            return Screen(text("Linking"), Lines(lines), hint=text("Hold: stop"))
        case Offered():
            about = _about(mode)
            title = text("Link this account?")
            if mode.of > 1:
                title = text("Link {number} of {all}?", number=str(mode.number), all=str(mode.of))
            return Screen(title, Lines(about), hint=text("Hold: link · Tap: no"))
    return Screen(text("Linking"), Lines((text("One moment please"),), big=True))


def _about(mode: Offered) -> tuple[Line, ...]:
    """Who and where. A push token's code may have come up during a login, and then linking approves that login."""
    who, where = name(mode.account.label), name(mode.place)
    if mode.account.kind is Kind.PUSH:
        return who, where, text("Linking is also approving")
    return linked.issuer(mode.account), who, where


def _counts(mode: Scanning | Looking) -> dict[str, str]:
    return {"have": str(mode.have), "all": str(mode.of)}


MODES = (Scanning, Looking, Offered, Working, Making)
