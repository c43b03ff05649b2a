"""What the service desk may do, each act checked against the actor's role and written into the audit trail with it.

Nothing here signs anybody in, and nobody at the desk can read a password or approve a login.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.errors import Refused
from web.login_portal import (
    audit,
    issues,
    locks,
    particulars,
    people,
    quiet,
    reports,
    requests,
    sessions,
    tickets,
    token_states,
    tokens,
)
from web.login_portal.enrolments import Enrolments
from web.login_portal.locks import Lock
from web.login_portal.particulars import Particulars
from web.login_portal.partings import Partings
from web.login_portal.passwords import Passwords
from web.login_portal.people import Person
from web.login_portal.reports import Report
from web.login_portal.rules.mail import address
from web.login_portal.rules.outcomes import Outcome, SignIn
from web.login_portal.rules.roles import Actor, Role
from web.login_portal.sign_ins import SignIns
from web.login_portal.store.database import Database
from web.login_portal.tickets import TicketRow
from web.login_portal.token_states import State
from web.login_portal.tokens import Listed


@dataclass(frozen=True, slots=True)
class Folder:
    """Everything the desk sees of one person. `peace` is until when no request is sent, 0 for none."""

    person: Person
    about: Particulars
    tokens: list[tuple[Listed, State]]
    open: list[SignIn]
    lock: Lock | None
    reports: list[Report]
    ticket: TicketRow | None
    peace: float


@dataclass(frozen=True, slots=True)
class ServiceDesk:
    """The acts of the service desk."""

    database: Database
    sign_ins: SignIns
    passwords: Passwords
    partings: Partings
    enrolments: Enrolments

    def actor(self, person: str) -> Actor:
        """Who this signed-in person is at the desk."""
        with self.database.reading() as reading:
            known, about = people.with_id(reading, person), particulars.of(reading, person)
        role = about.role if known and about.blocked is None else Role.NOBODY
        return Actor(known.name if known else "", role, person)

    def folder(self, actor: Actor, person: str, now: float) -> Folder | None:
        """What is known of one person. Raises NotAllowed."""
        actor.needs(Role.READER)
        with self.database.reading() as reading:
            found = people.with_id(reading, person)
            if found is None:
                return None
            listed = tokens.everything(reading, person=person)
            return Folder(
                found,
                particulars.of(reading, person),
                [(one, token_states.of(reading, one.id)) for one in listed],
                requests.open_ones(reading, now, person),
                locks.of_person(reading, person),
                reports.listed(reading, person=person),
                tickets.alive(reading, person, now),
                quiet.until(reading, person, now),
            )

    def revoke(self, actor: Actor, token: str, now: float) -> None:
        """End a token at once. Raises NotAllowed, Refused."""
        actor.needs(Role.DESK)
        self.partings.revoke(token, now, actor.name)

    def revoke_box(self, actor: Actor, serial: str, now: float) -> int:
        """End everything on the token of this serial number; how many accounts. Raises NotAllowed."""
        actor.needs(Role.DESK)
        with self.database.reading() as reading:
            linked = [
                one for one in tokens.everything(reading, serial=serial) if one.revoked is None
            ]
        for one in linked:
            self.partings.revoke(one.id, now, actor.name)
        return len(linked)

    def unlock(self, actor: Actor, person: str, now: float) -> None:
        """Lift the lock, the wrong codes and the peace of this person. Raises NotAllowed, Refused."""
        actor.needs(Role.DESK)
        with self.database.writing() as writing:
            found = people.with_id(writing.connection, person)
            if found is None:
                raise Refused("There is nobody with this user name")
            locks.lift(writing, self.passwords.account(found.name))
            self.sign_ins.forgive_codes(writing, person)
            quiet.end(writing, person)
            audit.add(writing, actor.name, "account unlocked", now, whom=found.name)

    def block(self, actor: Actor, person: str, *, blocked: bool, now: float) -> None:
        """Let this person in no more, or again; open sessions and requests end. Raises NotAllowed, Refused."""
        actor.needs(Role.DESK)
        with self.database.writing() as writing:
            found = people.with_id(writing.connection, person)
            if found is None or person == actor.person:
                raise Refused("You cannot block yourself")
            particulars.change(writing, person, blocked=now if blocked else None)
            act = "person blocked" if blocked else "person let in again"
            audit.add(writing, actor.name, act, now, whom=found.name)
            if not blocked:
                return
            sessions.end_all(writing, person)
            tickets.kill(writing, person)
            for asked in requests.open_ones(writing.connection, now, person):
                self.sign_ins.end(writing, asked, Outcome.CANCELLED, now)

    def set_role(self, actor: Actor, person: str, role: Role, now: float) -> None:
        """Give this person a role at the desk. Raises NotAllowed, Refused."""
        actor.needs(Role.ADMIN)
        if person == actor.person:
            raise Refused("Somebody else has to change your own role")
        with self.database.writing() as writing:
            found = people.with_id(writing.connection, person)
            if found is None:
                raise Refused("There is nobody with this user name")
            particulars.change(writing, person, role=role.value)
            audit.add(writing, actor.name, "role changed", now, whom=found.name, note=role.value)

    def set_contact(
        self, actor: Actor, person: str, untrusted_phone: str, untrusted_email: str, now: float
    ) -> None:
        """Where messages for this person go; a code on its way to another number counts no longer.

        Raises NotAllowed, Refused.
        """
        actor.needs(Role.DESK)
        email = address(untrusted_email)
        with self.database.writing() as writing:
            found = people.with_id(writing.connection, person)
            if found is None:
                raise Refused("There is nobody with this user name")
            people.set_phone(writing, person, untrusted_phone)
            if untrusted_phone.strip() != found.phone:
                self.enrolments.take_back_code(writing, person, now)
            particulars.change(writing, person, email=email)
            audit.add(writing, actor.name, "contact changed", now, whom=found.name)

    def acknowledge(self, actor: Actor, report: int, now: float) -> None:
        """Take a report off the list. Raises NotAllowed."""
        actor.needs(Role.DESK)
        with self.database.writing() as writing:
            if reports.acknowledge(writing, report, actor.name, now):
                audit.add(writing, actor.name, "report acknowledged", now, note=str(report))

    def told_code(self, actor: Actor, ticket: str, now: float) -> str:
        """The confirm code, this once, for somebody whose identity was checked; empty when it is not there.

        Raises NotAllowed.
        """
        actor.needs(Role.DESK)
        with self.database.writing() as writing:
            issue = issues.of(writing.connection, ticket)
            row = tickets.with_id(writing.connection, ticket)
            code = issues.tell(writing, issue, self.enrolments.keys, now) if row else ""
            if row is None or not code:
                return ""
            person = people.with_id(writing.connection, row.person)
            whom = person.name if person else ""
            audit.add(writing, actor.name, "confirm code told", now, whom=whom, note=issue.way)
        return code
