"""The desk's memory: what every event changes in the facts, whichever story owns the panel."""

from __future__ import annotations

from dataclasses import replace

from appliance.core.accounts import Account
from appliance.core.elsewhere import DigitsToType, TokenUnknown
from appliance.core.events import (
    AccountKept,
    AccountRevoked,
    AccountsChanged,
    Event,
    Health,
    PartChanged,
    PinsChanged,
    PinTried,
    ProfileArrived,
    Requested,
    RequestEnded,
    SettingsChanged,
    Ticked,
    Wiped,
)
from appliance.core.flow import Facts
from appliance.core.requests import Request
from appliance.core.settings import Settings

MOST_WAITING = 8


def keep(facts: Facts, event: Event) -> Facts:  # noqa: C901 - one match, a line an event
    """The facts after an event; most events change none."""
    match event:
        case Ticked():
            live = tuple(r for r in facts.waiting if event.now.monotonic < r.deadline)
            return replace(facts, now=event.now, waiting=live)
        case Requested():
            return replace(facts, waiting=_joined(facts.waiting, event.request))
        case RequestEnded() | DigitsToType():
            return replace(facts, waiting=tuple(r for r in facts.waiting if r.id != event.request))
        case AccountKept():
            return replace(facts, accounts=_with(facts.accounts, event.account))
        case AccountsChanged():
            return replace(facts, accounts=event.accounts)
        case AccountRevoked():
            return _without(facts, event.account.id)
        case SettingsChanged():
            return replace(facts, settings=event.settings)
        case ProfileArrived():
            others = (p for p in facts.profiles if p.account != event.profile.account)
            return replace(facts, profiles=(*others, event.profile))
        case PartChanged():
            return replace(facts, parts=_parts(facts.parts, event.part, event.health))
        case PinTried() | PinsChanged():
            return _pins(facts, event)
        case TokenUnknown():
            known = tuple(account for account in facts.unknown if account != event.account)
            return replace(facts, unknown=(*known, event.account) if event.unknown else known)
        case Wiped():
            kept = _after_wipe(facts.settings)
            empty = replace(facts, accounts=(), waiting=(), profiles=(), pins=(), unlocked=())
            return replace(empty, settings=kept)
    return facts


def _pins(facts: Facts, event: PinTried | PinsChanged) -> Facts:
    """Whoever has just typed or chosen a PIN is in."""
    if isinstance(event, PinsChanged):
        new = tuple(owner for owner in event.owners if owner not in facts.pins)
        return replace(facts, pins=event.owners, unlocked=(*facts.unlocked, *new))
    return replace(facts, unlocked=(*facts.unlocked, event.owner)) if event.right else facts


def _joined(waiting: tuple[Request, ...], request: Request) -> tuple[Request, ...]:
    known = any(other.id == request.id for other in waiting)
    return waiting if known or len(waiting) >= MOST_WAITING else (*waiting, request)


def _with(accounts: tuple[Account, ...], account: Account) -> tuple[Account, ...]:
    return (*(known for known in accounts if known.id != account.id), account)


def _without(facts: Facts, account: str) -> Facts:
    """Nothing is known of this account any more."""
    return replace(
        facts,
        accounts=tuple(known for known in facts.accounts if known.id != account),
        waiting=tuple(request for request in facts.waiting if request.account != account),
        profiles=tuple(profile for profile in facts.profiles if profile.account != account),
    )


def _parts(
    parts: tuple[tuple[str, Health], ...], part: str, health: Health
) -> tuple[tuple[str, Health], ...]:
    return tuple(sorted({**dict(parts), part: health}.items()))


def _after_wipe(settings: Settings) -> Settings:
    """The language and the keys belong to the device, not to the person who leaves it."""
    return Settings(language=settings.language, keys=settings.keys)
