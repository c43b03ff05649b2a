"""How long the password stays good, whether it lasts until you are back, and how this portal matches approvals.

The device never asks for the password and cannot change it; it names where that is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.accounts import Account, Kind, Profile
from appliance.core.events import Event
from appliance.core.flow import Facts, HomeNow, Mode, Turn, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.local_time import local
from appliance.core.screen import Lines, Screen, Text, text

DAY = 86400.0
LADDER = (1, 3, 7, 14)
MATCHED = {
    "press": (text("You choose Yes"),),
    "number": (text("You choose Yes"), text("and the number on"), text("the login page")),
    "scan": (text("You choose Yes"), text("and scan the code on"), text("the login page")),
}
AWAY_WEEKS = (1, 2, 3, 4, 5, 6)
AWAY_NEXT = text("Tap: away? · Hold: back")


@dataclass(frozen=True, slots=True)
class Showing(Mode):
    """The profile of one account."""

    account: str

    ok_chooses = True


@dataclass(frozen=True, slots=True)
class Matched(Mode):
    """The policy by which this account's portal matches approvals."""

    account: str

    ok_chooses = True


@dataclass(frozen=True, slots=True)
class Away(Mode):
    """The leave check: would the password last so many weeks?"""

    account: str
    weeks: int = AWAY_WEEKS[0]

    ok_chooses = True


def start(facts: Facts) -> Turn:
    """The profile of the first account that has one."""
    portal = _portal(facts)
    if portal is None:
        return notice.told(text("Profile"), (text("No account linked"),), facts)
    return Turn(Showing(portal.id))


def _portal(facts: Facts) -> Account | None:
    return next((account for account in facts.accounts if account.kind is Kind.PORTAL), None)


def warns(profile: Profile | None, wall: float) -> int | None:
    """The rung of the warning ladder (14, 7, 3, 1 days) that the password has come down to; None above it."""
    days = None if profile is None else profile.days_left(wall)
    return None if days is None else next((rung for rung in LADDER if days <= rung), None)


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Look, or ask about your leave."""
    match mode, event:
        case Showing(), Tapped(move=Move.BACK):
            return Turn(HomeNow(mode.account))
        case Showing(), Tapped() if _policy(mode.account, facts):
            return Turn(Matched(mode.account))
        case Matched() | Away(), Tapped(move=Move.BACK):
            return Turn(Showing(mode.account))
        case Showing() | Matched(), Tapped():
            return Turn(Away(mode.account))
        case Away(), Tapped():
            return stay(replace(mode, weeks=mode.weeks % len(AWAY_WEEKS) + 1))
        case Showing() | Matched() | Away(), Held():
            return Turn(HomeNow(mode.account))
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Days, date, and how fresh that is."""
    match mode:
        case Showing():
            more = _policy(mode.account, facts)
            hint = text("Tap: next · Hold: back") if more else AWAY_NEXT
            return Screen(text("Profile"), _told(facts.profile(mode.account), facts), hint=hint)
        case Matched():
            return Screen(text("Signing in"), Lines(_policy(mode.account, facts)), hint=AWAY_NEXT)
        case Away():
            return Screen(
                text("Going away?"), _leave(mode, facts), hint=text("Tap: longer · Hold: back")
            )
    raise TypeError(type(mode))


def _policy(account: str, facts: Facts) -> tuple[Text, ...]:
    """How approvals are matched, in words; nothing when the portal did not say."""
    profile = facts.profile(account)
    return () if profile is None else MATCHED.get(profile.match, ())


def _told(profile: Profile | None, facts: Facts) -> Lines:
    if profile is None or profile.password_until is None:
        return Lines((text("Password: unknown"), text("Choose Update account")))
    days = profile.days_left(facts.now.wall) or 0
    good = text("Good for {days} days", days=str(days)) if days != 1 else text("Good for 1 day")
    until = text("Until {date}", date=_date(profile.password_until))
    fresh = text("As of {date}", date=_date(profile.fetched))
    return Lines((good, until, fresh), big=True)


def _leave(mode: Away, facts: Facts) -> Lines:
    weeks = (
        text("Away for {weeks} weeks", weeks=str(mode.weeks))
        if mode.weeks > 1
        else text("Away for 1 week")
    )
    profile = facts.profile(mode.account)
    if profile is None or profile.password_until is None:
        return Lines((weeks, text("Password: unknown")))
    lasts = profile.password_until >= facts.now.wall + mode.weeks * 7 * DAY
    return Lines(
        (weeks, text("Password lasts") if lasts else text("Password ends before")), big=True
    )


def warning(account: Account, facts: Facts) -> Text | None:
    """What home says when the password ends soon."""
    profile = facts.profile(account.id)
    rung = warns(profile, facts.now.wall)
    if profile is None or rung is None:
        return None
    days = profile.days_left(facts.now.wall) or 0
    return (
        text("Password: {days} days left", days=str(days))
        if days != 1
        else text("Password: 1 day left")
    )


def _date(wall: float) -> str:
    return local(wall).strftime("%d-%m-%Y")


MODES = (Showing, Matched, Away)
