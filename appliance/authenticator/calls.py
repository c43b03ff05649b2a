"""What the other processes asked, answered by the one consumer: a reply, and events for the desk.

Nothing dangerous happens on a call alone: it can only put something before the person at the device. The page's
calls count only while the door is open and somebody is in; `calls_of_upkeep` answers those about the device itself.
Replies have no place for a secret or a code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from appliance.authenticator import (
    calls_of_safekeeping,
    calls_of_service,
    calls_of_updates,
    calls_of_upkeep,
    leaving,
)
from appliance.authenticator.effects_runner import set_setting
from appliance.authenticator.link_states import CONNECTED
from appliance.authenticator.work import Work, carried, taken
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now
from appliance.core.elsewhere import WordsTyped
from appliance.core.errors import Refused
from appliance.core.events import AccountsChanged, ConfirmTyped, Event, ResetAsked, ScanAsked
from appliance.core.settings import Settings, change, row
from appliance.credentials.candidates import LONGEST_NAME
from appliance.wire.asking import AskReset, AskScan, Change, Confirm, Paste, Rename, Show, TryPin
from appliance.wire.call import Done
from appliance.wire.carrying import Assertion, Deliver, ErrandDone, Line, Signed, Taken
from appliance.wire.linking import Words
from appliance.wire.polling import Polled, PollSigned, PollTaken, SignPoll
from appliance.wire.safekeeping import AskOpening
from appliance.wire.updates import OF_COURIER, OF_PAGE, OF_UPDATER

UPDATES = frozenset(asks for rows in (OF_PAGE, OF_COURIER, OF_UPDATER) for asks, _ in rows.values())
LARGEST_PICTURE = 8 * 1024 * 1024
LARGEST_BODY = 64 * 1024
DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to a call, and what the desk hears of it."""

    reply: msgspec.Struct
    events: tuple[Event, ...] = ()


def answer(work: Work, role: str, asked: msgspec.Struct, settings: Settings, now: Now) -> Answered:
    """Answer one call. Raises a DeskTokenError whose sentence goes back to the caller."""
    if (
        role == "page"
        and not isinstance(asked, TryPin | AskOpening)
        and not work.door.lets_in(now.monotonic)
    ):
        raise Refused("The device page is closed")
    if role == "console" and not isinstance(asked, AskReset):
        return Answered(*calls_of_service.answer(work, asked, settings, now))
    match asked:
        case ErrandDone() | Assertion() | Deliver() | Line() | SignPoll() | Polled():
            return _courier(work, asked, now)
        case TryPin():
            return Answered(work.door.try_code(asked.digits, now.monotonic))
        case AskReset():
            return Answered(Done(), (ResetAsked(),))
        case AskScan():
            return Answered(Done(), (ScanAsked(),))
        case Paste() | Show() | Confirm() | Words() | Rename() | Change():
            return Answered(Done(), _page(work, asked, settings, now))
    if type(asked) in UPDATES:
        return Answered(*calls_of_updates.answer(work, asked))
    if isinstance(asked, calls_of_safekeeping.Asked):
        return Answered(*calls_of_safekeeping.answer(work, asked, settings, now))
    reply, events = calls_of_upkeep.answer(work, asked, settings, now)
    return Answered(reply, events)


def _courier(
    work: Work,
    asked: ErrandDone | Assertion | Deliver | Line | SignPoll | Polled,
    now: Now,
) -> Answered:
    match asked:
        case SignPoll() | Polled():
            return _polling(work, asked, now)
        case ErrandDone():
            if len(asked.body) > LARGEST_BODY:
                raise Refused("The portal's answer is too long")
            done = work.errands.done(asked, now.monotonic)
            return Answered(Done(), carried(work, done, now) if done else ())
        case Assertion():
            return Answered(Signed(work.signing.passport(asked.link, asked.server_time, now)))
        case Deliver():
            opened = work.letters.take(asked.link, asked.letter, now)
            if opened.rings:
                work.push.stir()
            events = leaving.revoked(work, asked.link) if opened.revokes else opened.events
            return Answered(Taken(opened.taken, opened.reason), events)
        case Line():
            if work.vault.kept(asked.link).kind is Kind.PUSH:
                return Answered(Done(), work.links.heard(asked.link, asked.state))
            work.signing.heard(asked.link, asked.server_time, now)
            if asked.state == CONNECTED:
                work.upkeep.seen[asked.link] = now.monotonic
            work.profiles.line(asked.link, asked.state, now)
            work.rings.line(asked.link, asked.state, now)
            return Answered(Done(), work.links.heard(asked.link, asked.state))


def _polling(work: Work, asked: SignPoll | Polled, now: Now) -> Answered:
    if isinstance(asked, SignPoll):
        return Answered(PollSigned(work.push.sign_poll(asked.link, now)))
    if len(asked.body) > LARGEST_BODY:
        raise Refused("The server's answer is too long")
    news, events = work.push.polled(asked.link, asked.status, asked.body, asked.server_time, now)
    return Answered(PollTaken(news), events)


def _page(  # noqa: C901 - one match, a line or two a call
    work: Work,
    asked: Paste | Show | Confirm | Words | Rename | Change,
    settings: Settings,
    now: Now,
) -> tuple[Event, ...]:
    match asked:
        case Paste():
            return taken(work, asked.text, now)
        case Show():
            if not 0 < len(asked.data) <= LARGEST_PICTURE:
                raise Refused("The picture is too large")
            work.scanning.show(asked.data)
            return ()
        case Confirm():
            digits = asked.digits.replace(" ", "")
            if not DIGITS.fullmatch(digits):
                raise Refused("The code has six digits")
            return (ConfirmTyped(digits),)
        case Words():
            if not 1 <= len(asked.words) <= LONGEST_NAME:
                raise Refused("The words are empty or too long")
            return (WordsTyped(asked.words),)
        case Rename():
            if not 1 <= len(asked.label.strip()) <= LONGEST_NAME:
                raise Refused("The name is empty or too long")
            work.vault.rename(asked.account, asked.label.strip())
            return (AccountsChanged(work.vault.accounts()),)
        case Change():
            return _changed(work, asked, settings)


def _changed(work: Work, asked: Change, settings: Settings) -> tuple[Event, ...]:
    """One setting from the page; what only a hold may add to can only be made less by a call."""
    changed = change(settings, asked.key, asked.value)
    if row(asked.key).held:
        before, after = (set(getattr(of, asked.key)) for of in (settings, changed))
        if after - before:
            raise Refused("Only a hold on the token adds to this")
    return set_setting(work, settings, asked.key, asked.value)
