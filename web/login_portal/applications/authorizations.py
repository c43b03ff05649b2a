"""Sign-ins that an application has asked for and that a browser is on its way with, as rows.

A row belongs to one browser and follows it when its cookie changes; its name in an address is of no use elsewhere.
Whoever is not signed in costs nothing by asking, so of such rows only so many are kept.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from appliance.core.errors import Refused
from web.login_portal.sessions import Level, Session
from web.login_portal.store.application_tables import authorizations
from web.login_portal.store.database import Writing

LIFE = 900.0
MOST_HERE, MOST = 500, 50_000
_NAME = re.compile(r"[a-z]{28}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Authorization:
    """One wish of an application. `browser` is the session's row name; `waits_for` the login or ticket under way.

    `fresh` wants the person to sign in again; `longest_ago` is how many seconds ago that may have been. `source` is a
    keyed hash of where the browser is, empty when somebody is signed in there.
    """

    id: str
    application: str
    redirect: str
    scope: str
    state: str
    nonce: str
    challenge: str
    fresh: bool
    longest_ago: float | None
    hint: str
    browser: str
    waits_for: str
    made: float
    source: str = ""

    def satisfied_by(self, session: Session | None, now: float) -> bool:
        """Whether this session is enough for the application."""
        if session is None or session.level is not Level.SIGNED_IN:
            return False
        if session.made >= self.made:
            return True
        recent = self.longest_ago is None or now - session.made <= self.longest_ago
        return recent and not self.fresh


def new_id() -> str:
    """131 random bits as letters, so that they fit in a page's path."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(28))


def add(writing: Writing, authorization: Authorization) -> None:
    """Write down what an application wants. Raises Refused when too many strangers are on their way.

    Of one source the oldest gives way: a station shares one address, so that nobody there can keep the others out.
    """
    if authorization.source:
        _make_room(writing, authorization.source)
    row = {name: getattr(authorization, name) for name in Authorization.__slots__}
    writing.execute(insert(authorizations).values(**row))


def find(
    reading: Connection, untrusted_name: str, browser: str, now: float
) -> Authorization | None:
    """The wish with this name, if this browser is on its way with it."""
    name = untrusted_name if _NAME.fullmatch(untrusted_name) else ""
    mine = (authorizations.c.id == name) & (authorizations.c.browser == browser)
    return _one(reading, mine, now)


def waiting_for(reading: Connection, what: str, browser: str, now: float) -> Authorization | None:
    """The wish that this login or ticket of this browser is for, if any."""
    bound = (authorizations.c.waits_for == what) & (authorizations.c.browser == browser)
    return _one(reading, bound, now) if what else None


def latest(reading: Connection, browser: str, now: float) -> Authorization | None:
    """The newest wish that this browser is on its way with, if any."""
    return _one(reading, authorizations.c.browser == browser, now)


def bind(writing: Writing, name: str, browser: str, what: str) -> None:
    """This login or ticket of the browser is for this wish."""
    mine = (authorizations.c.id == name) & (authorizations.c.browser == browser)
    writing.execute(update(authorizations).where(mine).values(waits_for=what))


def follow(writing: Writing, old: str, new: str) -> None:
    """The browser has another cookie now."""
    moved = authorizations.c.browser == old
    writing.execute(update(authorizations).where(moved).values(browser=new))


def take(writing: Writing, name: str) -> bool:
    """Use it up; False when somebody else was first."""
    return writing.execute(delete(authorizations).where(authorizations.c.id == name)).rowcount == 1


def forget_old(writing: Writing, now: float) -> None:
    """Drop those that nobody finished."""
    writing.execute(delete(authorizations).where(authorizations.c.made <= now - LIFE))


def _make_room(writing: Writing, source: str) -> None:
    here, strangers = authorizations.c.source == source, authorizations.c.source != ""
    counted = select(func.count()).select_from(authorizations)
    if (writing.execute(counted.where(here)).scalar() or 0) >= MOST_HERE:
        oldest = select(authorizations.c.id).where(here).order_by(authorizations.c.made).limit(1)
        writing.execute(
            delete(authorizations).where(authorizations.c.id == oldest.scalar_subquery())
        )
    elif (writing.execute(counted.where(strangers)).scalar() or 0) >= MOST:
        raise Refused("Too many people are signing in at once. Try again in a few minutes")


def _one(reading: Connection, condition: object, now: float) -> Authorization | None:
    wanted = select(authorizations).where(condition, authorizations.c.made > now - LIFE)  # type: ignore[arg-type]
    row = reading.execute(wanted.order_by(authorizations.c.made.desc())).mappings().first()
    return None if row is None else _authorization(row)


def _authorization(row: RowMapping) -> Authorization:
    return Authorization(**{name: row[name] for name in Authorization.__slots__})
