"""Who asked to be left in peace, and until when. Nothing is sent to the tokens of such a person; codes still work."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from web.login_portal.rules.delays import QUIET_WHEN_BLOCKED
from web.login_portal.store.database import Writing
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import quiet

QUIET = QUIET_WHEN_BLOCKED
_UNTIL = Prepared(select(quiet.c.until).where(quiet.c.person == bindparam("person")))


def until(reading: Connection, person: str, now: float) -> float:
    """Until when (Unix seconds) this person wants no requests; 0 when they may come."""
    found = _UNTIL.first(reading, person=person)
    return found["until"] if found is not None and found["until"] > now else 0.0


def begin(writing: Writing, person: str, now: float, seconds: float = QUIET) -> None:
    """So many seconds of peace, from now; a longer peace is not cut short."""
    ends = max(until(writing.connection, person, now), now + seconds)
    writing.execute(delete(quiet).where((quiet.c.person == person) | (quiet.c.until <= now)))
    writing.execute(insert(quiet).values(person=person, until=ends))


def end(writing: Writing, person: str) -> None:
    """Requests may come again."""
    writing.execute(delete(quiet).where(quiet.c.person == person))
