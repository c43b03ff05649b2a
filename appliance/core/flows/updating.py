"""An account brought up to date by its server, and a container's accounts renewed: all of them get new secrets.

A renewal is asked for twice, because it ends every code that was handed out before; only a long hold begins it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.accounts import Account, Kind
from appliance.core.effects import UpdateAccount
from appliance.core.elsewhere import KeyMaking, RenewAccounts, Synchronised
from appliance.core.events import Event, ProfileArrived, Ticked, UpdateFailed
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import notice, profile
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Lines, Screen, Text, text
from appliance.core.troubles import Trouble

TITLE = text("Update account")
UPDATE_SECONDS, RENEW_SECONDS, KEY_SECONDS = 40.0, 150.0, 600.0
SEEN_SECONDS, RENEW_HOLD = 10.0, 3.0


@dataclass(frozen=True, slots=True)
class Updating(Mode):
    """The server is asked how things stand, or for everything anew."""

    account: str
    until: float
    renews: bool = False

    awake = True


@dataclass(frozen=True, slots=True)
class Fresh(Mode):
    """A container is up to date; a hold leads to its renewal."""

    account: str
    settles_at: float
    until: float

    awake = True


@dataclass(frozen=True, slots=True)
class Renewing(Mode):
    """Whether to have everything renewed; a long hold does it."""

    account: str
    settles_at: float
    until: float

    awake = True
    hold_seconds = RENEW_HOLD


def start(facts: Facts, account: str = "") -> Turn:
    """Fetch it anew, without a new enrolment."""
    subject = _updatable(facts, account)
    if subject is None:
        return notice.told(TITLE, (text("No account linked"),), facts)
    until = facts.now.monotonic + UPDATE_SECONDS
    return Turn(Updating(subject.id, until), (UpdateAccount(subject.id),))


def _updatable(facts: Facts, account: str) -> Account | None:
    """The account itself if its server keeps it up to date; else a portal's, else a container."""
    kept = [known for known in facts.accounts if known.kind in (Kind.PORTAL, Kind.CONTAINER)]
    kept.sort(key=lambda known: (known.id != account, known.kind is Kind.CONTAINER))
    return next(iter(kept), None)


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Wait for the server's word, then offer the renewal, and ask once more before it."""
    now = facts.now.monotonic
    match mode, event:
        case Updating(), _:
            return _update(mode, event, facts)
        case Fresh(), Held() if settled(event, mode.settles_at):
            until = now + notice.LONG + UPDATE_SECONDS
            return Turn(Renewing(mode.account, now + ARMING, until))
        case Renewing(), Held() if settled(event, mode.settles_at):
            renewing = Updating(mode.account, now + RENEW_SECONDS, renews=True)
            return Turn(renewing, (RenewAccounts(mode.account),))
        case Fresh() | Renewing(), Tapped() if settled(event, mode.settles_at):
            return Turn(HomeNow(mode.account))
        case Fresh() | Renewing(), Ticked() if now >= mode.until:
            return Turn(HomeNow(mode.account))
    return stay(mode)


def _update(mode: Updating, event: Event, facts: Facts) -> Turn:
    now = facts.now.monotonic
    match event:
        case ProfileArrived() if event.profile.account == mode.account:
            return Turn(profile.Showing(mode.account))
        case KeyMaking():
            return stay(replace(mode, until=now + KEY_SECONDS))
        case Synchronised() if event.account == mode.account and mode.renews:
            return notice.told(TITLE, (text("Everything is renewed"), _count(facts)), facts)
        case Synchronised() if event.account == mode.account:
            return Turn(Fresh(mode.account, now + ARMING, now + SEEN_SECONDS))
        case UpdateFailed():
            return notice.trouble(text("Not updated"), event.why, facts)
        case Ticked() if now >= mode.until:
            return notice.trouble(text("Not updated"), Trouble.PORTAL_DOWN, facts)
    return stay(mode)


def _count(facts: Facts) -> Text:
    count = sum(1 for known in facts.accounts if known.kind is not Kind.CONTAINER)
    return text("Accounts: {count}", count=str(count))


def view(mode: Mode, facts: Facts) -> Screen:
    """Patience, what came of it, or what a renewal does."""
    match mode:
        case Fresh():
            lines = (text("Up to date"), _count(facts))
            return Screen(TITLE, Lines(lines, big=True), hint=text("Tap: done · Hold: renew all"))
        case Renewing():
            lines = (text("Renew all accounts?"), text("Older codes stop working"))
            return Screen(TITLE, Lines(lines), hint=text("Hold 3 s: yes · Tap: no"))
    return Screen(TITLE, Lines((text("One moment please"),), big=True))


MODES = (Updating, Fresh, Renewing)
