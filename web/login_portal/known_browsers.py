"""Browsers in which somebody signed in lately.

They are spared the delay that strangers at the same address get, so that one person who guesses cannot hold up a whole
station; what such a browser gets wrong is counted for it alone.

The cookie names nobody and opens nothing. Source: OWASP, device cookies; checklist row 7.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import browsers

LIFE = 90 * 86400.0


def known(reading: Connection, mark: str, now: float) -> bool:
    """Whether somebody signed in with this browser lately."""
    wanted = (browsers.c.id == mark) & (browsers.c.seen > now - LIFE)
    return reading.execute(select(browsers.c.id).where(wanted)).first() is not None


def remember(writing: Writing, mark: str, now: float) -> None:
    """Somebody signed in with this browser now."""
    if (
        writing.execute(update(browsers).where(browsers.c.id == mark).values(seen=now)).rowcount
        == 0
    ):
        writing.execute(insert(browsers).values(id=mark, seen=now))


def forget_old(writing: Writing, now: float) -> None:
    """Forget browsers that nobody came back with."""
    writing.execute(delete(browsers).where(browsers.c.seen < now - LIFE))
