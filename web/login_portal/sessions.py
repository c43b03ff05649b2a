"""Browser sessions: a random cookie, and behind it a row that says how far its person has come.

The row's name is a keyed hash of the cookie, so the table opens no session. A new cookie is given at each step up.
Source: checklist row 24; ASVS 5.0 sections 7.2 and 7.3.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from web.login_portal.keys import Keys
from web.login_portal.store.database import Writing
from web.login_portal.store.schema import sessions

IDLE, TOTAL, TOUCH = 600.0, 1800.0, 20.0


class Level(StrEnum):
    """What the person in front of this browser has shown: nothing but wrong passwords, a password, or both factors."""

    LOCKED = "locked"
    PASSWORD = "password"
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's session. `how` says how its login was approved; `request` and `ticket` are what it waits for.

    `account` is the keyed hash of the locked account's name, for a browser that only gave wrong passwords.
    """

    id: str
    person: str
    level: Level
    made: float
    seen: float
    how: str = ""
    request: str = ""
    ticket: str = ""
    account: str = ""


def new_cookie() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def name_of(cookie: str, keys: Keys) -> str:
    """The row's name for this cookie."""
    return keys.mark("session", cookie)


def csrf_of(cookie: str, keys: Keys) -> str:
    """The word that forms of this browser must carry."""
    return keys.mark("csrf", cookie)


def find(reading: Connection, name: str, now: float) -> Session | None:
    """The session, unless it was idle for 10 minutes or is older than 30."""
    alive = (sessions.c.seen > now - IDLE) & (sessions.c.made > now - TOTAL)
    wanted = (sessions.c.id == name) & alive
    row = reading.execute(select(sessions).where(wanted)).mappings().first()
    return None if row is None else _session(row)


def add(writing: Writing, session: Session) -> None:
    """Store a session; a person who signs in again elsewhere leaves the older session alone until it ends."""
    writing.execute(insert(sessions).values(**_values(session)))


def step_up(writing: Writing, session: Session, name: str, how: str, now: float) -> Session:
    """Both factors were shown: the session goes on under a new cookie's name."""
    higher = replace(session, id=name, level=Level.SIGNED_IN, how=how, made=now, seen=now)
    end(writing, session.id)
    add(writing, replace(higher, request="", ticket=""))
    return higher


def watch(writing: Writing, name: str, *, ticket: str) -> None:
    """The session now shows this ticket."""
    writing.execute(update(sessions).where(sessions.c.id == name).values(ticket=ticket))


def touch(writing: Writing, name: str, now: float) -> None:
    """The browser is still there."""
    writing.execute(update(sessions).where(sessions.c.id == name).values(seen=now))


def end(writing: Writing, name: str) -> None:
    """The session is over."""
    writing.execute(delete(sessions).where(sessions.c.id == name))


def end_others(writing: Writing, person: str, name: str) -> None:
    """Every other session of this person is over."""
    others = (sessions.c.person == person) & (sessions.c.id != name)
    writing.execute(delete(sessions).where(others))


def end_all(writing: Writing, person: str) -> None:
    """Every session of this person is over."""
    end_others(writing, person, "")


def forget_old(writing: Writing, now: float) -> None:
    """Drop sessions that nobody can use any more."""
    over = (sessions.c.seen < now - IDLE) | (sessions.c.made < now - TOTAL)
    writing.execute(delete(sessions).where(over))


def _values(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in Session.__slots__}


def _session(row: RowMapping) -> Session:
    values = {name: row[name] for name in Session.__slots__}
    return Session(**{**values, "level": Level(row["level"])})
