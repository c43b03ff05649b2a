"""What the service desk knows of a person beside the sign-in: address, role, source, and whether they are blocked."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from web.login_portal.rules.roles import Role
from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import particulars

BUILT_IN, DIRECTORY = "", "directory"


@dataclass(frozen=True, slots=True)
class Particulars:
    """Of one person. `source` says who judges the password; `blocked` is since when (Unix seconds), or None."""

    person: str
    email: str = field(default="", repr=False)
    role: Role = Role.NOBODY
    source: str = BUILT_IN
    blocked: float | None = None


def of(reading: Connection, person: str) -> Particulars:
    """What is known of this person; nothing special when nothing was written down."""
    row = reading.execute(select(particulars).where(particulars.c.person == person)).first()
    if row is None:
        return Particulars(person)
    return Particulars(row.person, row.email, Role(row.role), row.source, row.blocked)


def change(writing: Writing, person: str, **values: object) -> None:
    """Write down what is known of this person from now on."""
    wanted = particulars.c.person == person
    if writing.execute(update(particulars).where(wanted).values(**values)).rowcount == 0:
        writing.execute(insert(particulars).values(person=person, **values))
