"""How an enrolment was handed out: by whom, for which token, and which way its confirm code goes. One row a ticket.

A code that a person of the service desk reads out or prints stands here sealed, is shown once, and is gone then.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from web.login_portal.keys import Keys
from web.login_portal.rules.enrolment import Way
from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import issues


@dataclass(frozen=True, slots=True)
class Issue:
    """Of one ticket. `serial` is the only token that may use it, empty for any; a loan `ends` at that Unix time.

    `told` is when its code was shown; `request` asks a colleague to vouch.
    """

    ticket: str
    by: str = ""
    way: Way = Way.SMS
    serial: str = ""
    ends: float | None = None
    code: bytes | None = field(default=None, repr=False)
    told: float | None = None
    request: str = ""


def of(reading: Connection, ticket: str) -> Issue:
    """How this ticket was handed out; the plain way when nothing was written down."""
    row = reading.execute(select(issues).where(issues.c.ticket == ticket)).mappings().first()
    if row is None:
        return Issue(ticket)
    values = {name: row[name] for name in Issue.__slots__}
    return Issue(**{**values, "way": Way(row["way"])})


def about(reading: Connection, request: str) -> Issue | None:
    """The issue that this request asks a colleague about."""
    wanted = select(issues.c.ticket).where(issues.c.request == request)
    ticket = reading.execute(wanted).scalar()
    return None if ticket is None else of(reading, ticket)


def add(writing: Writing, issue: Issue) -> None:
    """Store it."""
    values = {name: getattr(issue, name) for name in Issue.__slots__}
    writing.execute(insert(issues).values(**{**values, "way": issue.way.value}))


def change(writing: Writing, ticket: str, **values: object) -> None:
    """Write down what is new of it."""
    if writing.execute(update(issues).where(issues.c.ticket == ticket).values(**values)).rowcount:
        return
    row = {"ticket": ticket, "by": "", "way": Way.SMS.value, "serial": "", "request": ""}
    writing.execute(insert(issues).values(**{**row, **values}))


def keep(writing: Writing, ticket: str, code: str, keys: Keys) -> None:
    """Keep the code, sealed, until somebody is told."""
    change(writing, ticket, code=keys.seal(code.encode(), f"issues:{ticket}"), told=None)


def kept(issue: Issue, keys: Keys) -> str:
    """The code that is kept, empty when there is none (any more)."""
    return "" if issue.code is None else keys.open(issue.code, f"issues:{issue.ticket}").decode()


def tell(writing: Writing, issue: Issue, keys: Keys, now: float) -> str:
    """The code, this once; empty when it was told before or is not there."""
    still = (issues.c.ticket == issue.ticket) & issues.c.code.is_not(None)
    taken = writing.execute(update(issues).where(still).values(code=None, told=now))
    return kept(issue, keys) if taken.rowcount == 1 else ""
