"""Mistakes in a row, counted durably before the try is judged, so that tries side by side cannot slip through.

Keys are keyed hashes: the table never holds what somebody typed as a user name. Source: checklist rows 6 and 7.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from web.login_portal.rules.delays import FORGET_AFTER, SOURCE_FORGETS, Strikes
from web.login_portal.store.database import Writing
from web.login_portal.store.schema import strikes


def standing(reading: Connection, key: str) -> Strikes:
    """The count under this key."""
    row = reading.execute(select(strikes).where(strikes.c.key == key)).first()
    return Strikes() if row is None else Strikes(row.fails, row.until)


def add(writing: Writing, key: str, now: float) -> Strikes:
    """Count one more mistake and return the new standing."""
    after = standing(writing.connection, key).after_one_more(now)
    _store(writing, key, after, now)
    return after


def add_here(writing: Writing, key: str, now: float) -> Strikes:
    """Count one more mistake of a source, which is forgotten when it was good for a quarter of an hour."""
    writing.execute(
        delete(strikes).where((strikes.c.key == key) & (strikes.c.at < now - SOURCE_FORGETS))
    )
    after = standing(writing.connection, key).after_one_more_here(now)
    _store(writing, key, after, now)
    return after


def forgive(writing: Writing, key: str) -> None:
    """Take back the last mistake: it was not the person's."""
    fails = max(0, standing(writing.connection, key).fails - 1)
    values = {"fails": fails, "until": 0.0}
    writing.execute(update(strikes).where(strikes.c.key == key).values(**values))


def clear(writing: Writing, key: str) -> None:
    """Forget the mistakes under this key: it went right."""
    writing.execute(delete(strikes).where(strikes.c.key == key))


def forget_old(writing: Writing, now: float) -> None:
    """Forget what nobody tried for a day."""
    writing.execute(delete(strikes).where(strikes.c.at < now - FORGET_AFTER))


def _store(writing: Writing, key: str, after: Strikes, now: float) -> None:
    values = {"fails": after.fails, "until": after.until, "at": now}
    changed = writing.execute(update(strikes).where(strikes.c.key == key).values(**values))
    if changed.rowcount == 0:
        writing.execute(insert(strikes).values(key=key, **values))
