"""What the service desk should look at: refused, bombed and locked people, and messages that did not go out.

The same thing happening again within an hour adds to its open report, so that a flood fills no list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import reports
from web.login_portal.store.schema import people

TOGETHER = 3600.0
MOST = 100


@dataclass(frozen=True, slots=True)
class Report:
    """One thing to look at. `name` is whom it is about, empty for none; Unix seconds."""

    id: int
    at: float
    last: float
    kind: str
    person: str
    name: str
    note: str
    times: int
    acknowledged: float | None
    by: str


def add(writing: Writing, kind: str, now: float, *, person: str = "", note: str = "") -> None:
    """Report this, or add to the open report of the same kind and person."""
    same = (reports.c.kind == kind) & (reports.c.person == person) & (reports.c.note == note)
    still = reports.c.acknowledged.is_(None) & (reports.c.last > now - TOGETHER)
    once_more = {"times": reports.c.times + 1, "last": now}
    if writing.execute(update(reports).where(same & still).values(**once_more)).rowcount == 0:
        row = {"kind": kind, "person": person, "note": note[:200], "times": 1}
        writing.execute(insert(reports).values(**row, at=now, last=now))


def listed(reading: Connection, *, person: str = "", done: bool = False) -> list[Report]:
    """The open reports, newest first; with `done` the acknowledged ones too."""
    joined = reports.outerjoin(people, people.c.id == reports.c.person)
    wanted = select(reports, people.c.name).select_from(joined)
    if person:
        wanted = wanted.where(reports.c.person == person)
    if not done:
        wanted = wanted.where(reports.c.acknowledged.is_(None))
    newest = wanted.order_by(reports.c.last.desc(), reports.c.id.desc()).limit(MOST)
    return [_report(row) for row in reading.execute(newest).mappings()]


def count(reading: Connection) -> int:
    """How many wait for somebody to look."""
    still = reports.c.acknowledged.is_(None)
    return int(
        reading.execute(select(func.count()).select_from(reports).where(still)).scalar() or 0
    )


def acknowledge(writing: Writing, report: int, by: str, now: float) -> bool:
    """Somebody looked; False when it was done before."""
    still = (reports.c.id == report) & reports.c.acknowledged.is_(None)
    changed = writing.execute(update(reports).where(still).values(acknowledged=now, by=by))
    return changed.rowcount == 1


def _report(row: Mapping[Any, Any]) -> Report:
    values = {field: row[field] for field in Report.__slots__}
    return Report(**{**values, "name": values["name"] or ""})
