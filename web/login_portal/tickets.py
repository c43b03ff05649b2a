"""Enrolment tickets as rows. A person has at most one that is alive; the secret stands here sealed."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, insert, select, update

from appliance.wire.enrolment import Card
from web.login_portal.rules.enrolment import CONFIRM_TRIES, Enrolment, Stage
from web.login_portal.store.database import Writing
from web.login_portal.store.schema import tickets


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket. `card` is the device that answered it; `grant` is what it was given, readable only by that device."""

    id: str
    person: str
    secret: bytes = field(repr=False)
    language: str
    expires: float
    stage: Stage
    tries_left: int
    sent_to: str
    card: Card | None
    code: str = field(repr=False)
    device: str
    grant: str = field(repr=False)

    @property
    def about(self) -> Enrolment:
        """What pages and rules may know of it."""
        return Enrolment(
            self.id, self.person, self.stage, self.expires, self.tries_left, self.sent_to
        )


def with_id(reading: Connection, ticket: str) -> TicketRow | None:
    """The ticket with this id, if any."""
    row = reading.execute(select(tickets).where(tickets.c.id == ticket)).mappings().first()
    if row is None:
        return None
    card = msgspec.json.decode(row["card"], type=Card) if row["card"] else None
    values = {name: row[name] for name in TicketRow.__slots__}
    return TicketRow(**{**values, "card": card, "stage": Stage(row["stage"])})


def alive(reading: Connection, person: str, now: float) -> TicketRow | None:
    """The unfinished ticket of this person, if there is one."""
    done = (Stage.LINKED.value, Stage.DEAD.value)
    open_still = tickets.c.stage.not_in(done) & (tickets.c.expires > now)
    found = reading.execute(select(tickets.c.id).where((tickets.c.person == person) & open_still))
    ticket = found.scalar()
    return None if ticket is None else with_id(reading, ticket)


def kill(writing: Writing, person: str) -> None:
    """No unfinished ticket of this person works any more."""
    unfinished = (tickets.c.person == person) & (tickets.c.stage != Stage.LINKED.value)
    writing.execute(update(tickets).where(unfinished).values(stage=Stage.DEAD.value))


def replace(
    writing: Writing, ticket: str, person: str, *, sealed: bytes, language: str, expires: float
) -> None:
    """Store a fresh ticket in the place of every unfinished one of this person."""
    kill(writing, person)
    row = {"id": ticket, "person": person, "secret": sealed, "language": language}
    start = {"stage": Stage.SHOWN.value, "tries_left": CONFIRM_TRIES}
    writing.execute(insert(tickets).values(**row, **start, expires=expires))


def change(writing: Writing, ticket: str, **values: str) -> None:
    """Write down how far the ticket has come."""
    writing.execute(update(tickets).where(tickets.c.id == ticket).values(**values))


def strike(writing: Writing, row: TicketRow) -> int:
    """Count a wrong confirm code; the tries that are left. At none the ticket dies, unless it is finished."""
    left = max(0, row.tries_left - 1)
    dead = left == 0 and row.stage is not Stage.LINKED
    stage = Stage.DEAD if dead else row.stage
    wanted = tickets.c.id == row.id
    writing.execute(update(tickets).where(wanted).values(tries_left=left, stage=stage.value))
    return left
