"""Locked accounts and the wrong passwords that locked them, as rows. An account is named by a keyed hash of the typed
name, so that a name nobody has locks in the same way and nothing tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from web.login_portal.rules.locking import IN_A_ROW, SOURCE_WINDOW, Miss
from web.login_portal.rules.outcomes import Outcome
from web.login_portal.store.database import Writing
from web.login_portal.store.schema import locks, misses, strikes

LIFTS_ITSELF = 30 * 86400.0


@dataclass(frozen=True, slots=True)
class Lock:
    """One locked account. `request` is the last unlock request, `reported` when its owner said "not me"."""

    account: str
    person: str
    since: float
    source: str
    note: str
    request: str
    reported: float | None

    @property
    def asked_of(self) -> str:
        """Whose requests to count: the person's, or those of a name that nobody has."""
        return self.person or f"nobody {self.account}"


def find(reading: Connection, account: str) -> Lock | None:
    """The lock of this account, if it is locked."""
    row = reading.execute(select(locks).where(locks.c.account == account)).mappings().first()
    return None if row is None else _lock(row)


def of_person(reading: Connection, person: str) -> Lock | None:
    """The lock of this person's account, if it is locked."""
    row = reading.execute(select(locks).where(locks.c.person == person)).mappings().first()
    return None if row is None else _lock(row)


def add_miss(writing: Writing, account: str, strike: str, place: str, now: float) -> list[Miss]:
    """Write down a wrong password; all those in a row, oldest first."""
    row = {"account": account, "strike": strike, "place": place, "at": now}
    writing.execute(insert(misses).values(**row))
    recent = (misses.c.account == account) & (misses.c.at > now - IN_A_ROW)
    found = writing.execute(select(misses.c.place, misses.c.at).where(recent).order_by(misses.c.at))
    return [Miss(missed.place, missed.at) for missed in found]


def forget_misses(writing: Writing, account: str) -> None:
    """It went right, or the account was unlocked: no mistake counts any more, and no delay is left."""
    made = select(misses.c.strike).where(misses.c.account == account)
    writing.execute(delete(strikes).where(strikes.c.key.in_(made)))
    writing.execute(delete(misses).where(misses.c.account == account))


def locked_by(reading: Connection, source: str, now: float) -> int:
    """How many accounts this source has locked lately."""
    lately = (locks.c.source == source) & (locks.c.since > now - SOURCE_WINDOW)
    found = reading.execute(select(func.count()).select_from(locks).where(lately)).scalar()
    return int(found or 0)


def add(writing: Writing, lock: Lock) -> None:
    """Lock the account."""
    writing.execute(insert(locks).values(**{name: getattr(lock, name) for name in Lock.__slots__}))


def asked(writing: Writing, account: str, request: str) -> None:
    """This is the unlock request that is open now."""
    writing.execute(update(locks).where(locks.c.account == account).values(request=request))


def lift(writing: Writing, account: str) -> bool:
    """Unlock; False when it was not locked."""
    forget_misses(writing, account)
    return writing.execute(delete(locks).where(locks.c.account == account)).rowcount == 1


def settle(writing: Writing, request: str, outcome: Outcome, now: float) -> None:
    """What the owner's answer to an unlock request does: a yes unlocks, "not me" shuts the way until the desk opens."""
    wanted = locks.c.request == request
    if outcome is Outcome.APPROVED:
        account = writing.execute(select(locks.c.account).where(wanted)).scalar()
        if account is not None:
            lift(writing, account)
    elif outcome is Outcome.REPORTED:
        writing.execute(update(locks).where(wanted).values(reported=now))


def forget_old(writing: Writing, now: float) -> None:
    """Drop mistakes of long ago, and locks too: alike whether or not somebody has the name, so that a stranger who
    waits a month learns nothing. What its owner reported stays for the service desk.
    """
    writing.execute(delete(misses).where(misses.c.at < now - IN_A_ROW))
    old = (locks.c.since < now - LIFTS_ITSELF) & locks.c.reported.is_(None)
    writing.execute(delete(locks).where(old))


def everything(reading: Connection) -> list[Lock]:
    """The locks of people we know, newest first."""
    known = select(locks).where(locks.c.person != "").order_by(locks.c.since.desc())
    return [_lock(row) for row in reading.execute(known).mappings()]


def _lock(row: RowMapping) -> Lock:
    return Lock(**{name: row[name] for name in Lock.__slots__})
