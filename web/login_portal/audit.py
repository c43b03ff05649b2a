"""The audit trail: who did what to whom and when, written in the transaction of the act itself. Rows are only added.

It never holds a code, a password, or what somebody typed as a user name.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import audit
from web.login_portal.store.prepared import Prepared

PORTAL = "portal"
PAGE, EXPORTED = 50, 100_000
_ADD = Prepared(insert(audit))


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `actor` and `whom` are user names; `whom` may be empty. Unix seconds."""

    id: int
    at: float
    actor: str
    act: str
    whom: str
    note: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of or about a person, one act, and a span of time; an empty word means all."""

    name: str = ""
    act: str = ""
    since: float = 0.0
    until: float = 1e12
    before: int = 2**62


def add(
    writing: Writing, actor: str, act: str, now: float, *, whom: str = "", note: str = ""
) -> None:
    """Write down one act."""
    about = {"actor": actor, "act": act, "whom": whom, "note": note[:200]}
    _ADD.run(writing.connection, at=now, **about)


def find(reading: Connection, wanted: Wanted, most: int = PAGE) -> list[Entry]:
    """The entries that fit, newest first."""
    fits = (audit.c.at >= wanted.since) & (audit.c.at < wanted.until) & (audit.c.id < wanted.before)
    if wanted.name:
        fits &= (audit.c.actor == wanted.name) | (audit.c.whom == wanted.name)
    if wanted.act:
        fits &= audit.c.act == wanted.act
    rows = reading.execute(select(audit).where(fits).order_by(audit.c.id.desc()).limit(most))
    return [Entry(row.id, row.at, row.actor, row.act, row.whom, row.note) for row in rows]


def acts(reading: Connection) -> list[str]:
    """Every kind of act that was ever written down, by name."""
    return [row.act for row in reading.execute(select(audit.c.act).distinct().order_by("act"))]
