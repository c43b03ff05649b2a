"""People and tokens from a file: first what would happen, then all of it in one transaction or nothing at all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from appliance.core.errors import Refused
from web.login_portal import audit, particulars, people
from web.login_portal.clock import Clock
from web.login_portal.handing_out import HandingOut, Order
from web.login_portal.keys import Keys
from web.login_portal.passwords import Passwords
from web.login_portal.people import Person
from web.login_portal.rules.enrolment import Way
from web.login_portal.rules.people_file import Bad, Row, parse
from web.login_portal.rules.roles import Actor, Role
from web.login_portal.store.database import Database, Writing
from web.login_portal.store.desk_tables import drafts

KEPT = 3600.0


class BadFile(Refused):
    """The file has lines that will not do, so nothing of it was done."""

    def __init__(self, bad: list[Bad]) -> None:
        super().__init__("The file has lines that will not do, so nothing was changed")
        self.bad = bad


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do: `new` people, tokens handed out to people (`handed`), and all that is wrong with it."""

    rows: list[Row]
    new: int
    handed: int
    bad: list[Bad]


@dataclass(frozen=True, slots=True)
class Importing:
    """Reads files of people. `outside` says that a directory knows the passwords of people who have none here."""

    database: Database
    keys: Keys
    passwords: Passwords
    handing_out: HandingOut
    clock: Clock
    outside: bool

    def plan(self, untrusted: bytes) -> Plan:
        """What this file would do now."""
        rows, bad = parse(untrusted)
        with self.database.reading() as reading:
            there = {row.name: people.named(reading, row.name) for row in rows}
        wrong = [
            Bad(row.line, why)
            for row in rows
            if (why := self._objection(row, there=there[row.name] is not None))
        ]
        new = sum(1 for row in rows if there[row.name] is None)
        handed = sum(1 for row in rows if row.serial)
        return Plan(rows, new, handed, sorted([*bad, *wrong], key=lambda one: one.line))

    def apply(self, actor: Actor, untrusted: bytes) -> Plan:
        """Do all of it. Raises NotAllowed, BadFile."""
        actor.needs(Role.ADMIN)
        plan = self.plan(untrusted)
        if plan.bad or not plan.rows:
            raise BadFile(plan.bad)
        hashes = {row.name: self.passwords.hash(row.password) for row in plan.rows if row.password}
        now = self.clock()
        with self.database.writing() as writing:
            for row in plan.rows:
                person = self._person(writing, row, hashes.get(row.name, people.OUTSIDE), now)
                if row.serial:
                    self._hand_out(writing, actor, person, row, now)
            note = f"{plan.new} people, {plan.handed} tokens"
            audit.add(writing, actor.name, "file imported", now, note=note)
        return plan

    def keep(self, actor: Actor, untrusted: bytes) -> str:
        """The name of a draft: the file sealed, until it is applied or an hour has gone. Raises NotAllowed."""
        actor.needs(Role.ADMIN)
        name, now = secrets.token_urlsafe(12), self.clock()
        sealed = self.keys.seal(untrusted, f"drafts:{name}")
        with self.database.writing() as writing:
            writing.execute(delete(drafts).where(drafts.c.by == actor.person))
            writing.execute(insert(drafts).values(id=name, by=actor.person, at=now, text=sealed))
        return name

    def take(self, actor: Actor, draft: str) -> bytes:
        """The actor's own draft, this once. Raises NotAllowed, Refused when it is not there (any more)."""
        actor.needs(Role.ADMIN)
        fresh = drafts.c.at > self.clock() - KEPT
        mine = (drafts.c.id == draft) & (drafts.c.by == actor.person) & fresh
        with self.database.writing() as writing:
            sealed = writing.execute(select(drafts.c.text).where(mine)).scalar()
            if sealed is None:
                raise Refused("This file was applied or forgotten; choose it again")
            writing.execute(delete(drafts).where(mine))
        return self.keys.open(sealed, f"drafts:{draft}")

    def forget_old(self, writing: Writing, now: float) -> None:
        """Forget the files that nobody applied; passwords may stand in them."""
        writing.execute(delete(drafts).where(drafts.c.at < now - KEPT))

    def _objection(self, row: Row, *, there: bool) -> str:
        if row.until is not None and row.until <= self.clock():
            return "A loan ends in the future"
        if there:
            return "" if row.serial and not row.password else "This user name is taken"
        if not row.password and not self.outside:
            return "A new person needs a password"
        return ""

    def _person(self, writing: Writing, row: Row, hashed: str, now: float) -> Person:
        known = people.named(writing.connection, row.name)
        if known is not None:
            return known
        about = {"display": row.display, "phone": row.phone, "match": row.match}
        person = people.add(writing, row.name, hashed, now, **about)
        source = particulars.DIRECTORY if hashed == people.OUTSIDE else particulars.BUILT_IN
        values = {"email": row.email, "role": row.role.value, "source": source}
        particulars.change(writing, person.id, **values)
        return person

    def _hand_out(
        self, writing: Writing, actor: Actor, person: Person, row: Row, now: float
    ) -> None:
        """An enrolment on paper for the token of this line; it is printed or shown afterwards."""
        way = Way.SMS if person.phone else Way.SPOKEN
        order = Order("paper", way, serial=row.serial, ends=row.until)
        self.handing_out.make(writing, actor, person, order, now)
