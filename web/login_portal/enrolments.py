"""The story of linking a token: ticket, offer, card, confirm code, grant. Half-linked does not exist: the token's row
and the grant are written in one transaction, and a lost reply is repaired by asking again.

The ticket's secret never comes back from a device; it is kept sealed, to make the offer and to draw the QR again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hmac import compare_digest

import msgspec
import pyotp

from appliance.core.errors import DeskTokenError, Refused
from appliance.wire import enrolment as wire
from appliance.wire.jose import load, public
from appliance.wording import translate
from web.login_portal import audit, issues, people, tickets, token_states, tokens
from web.login_portal.issues import Issue
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.outbox import Gateway, Message
from web.login_portal.people import Person
from web.login_portal.rules.enrolment import (
    MESSAGE_WINDOW,
    MESSAGES,
    SERVICE_DESK,
    TICKET_LIFE,
    Stage,
    Way,
    masked,
    message_wait,
)
from web.login_portal.rules.names import label
from web.login_portal.store.database import Database, Writing
from web.login_portal.tickets import TicketRow

_MESSAGE = "confirm code sent"


class Gone(DeskTokenError):
    """The ticket was used, replaced or has expired."""


class Unknown(DeskTokenError):
    """There never was such a ticket."""


class OtherDevice(DeskTokenError):
    """Another token has already answered this ticket."""


class NotYet(DeskTokenError):
    """The token has to show its card first."""


class WrongCode(DeskTokenError):
    """The confirm code was wrong; `sent` says how many tries are left."""

    def __init__(self, sent: wire.Sent) -> None:
        super().__init__("The confirm code is wrong")
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Enrolments:
    """Makes tickets and takes devices through them."""

    database: Database
    keys: Keys
    gateway: Gateway
    log: Logbook
    origin: str
    service: str

    def new_ticket(self, person: Person, language: str, now: float) -> str:
        """The id of a fresh ticket for the person's own browser; the earlier, unfinished ones die."""
        with self.database.writing() as writing:
            return self.make_ticket(writing, person, language, now)

    def make_ticket(
        self,
        writing: Writing,
        person: Person,
        language: str,
        now: float,
        *,
        life: float = TICKET_LIFE,
        by: str = "",
        way: Way = Way.SMS,
        serial: str = "",
        ends: float | None = None,
    ) -> str:
        """The same in a transaction of the caller, who may say how it is handed out.

        `by` is who at the service desk does that; a letter's code is made at once, the others when a token is there.
        """
        ticket = wire.Ticket(self.origin, secrets.token_bytes(16))
        sealed = self.keys.seal(ticket.secret, f"tickets:{ticket.id}")
        until = now + life
        tickets.replace(
            writing, ticket.id, person.id, sealed=sealed, language=language, expires=until
        )
        issues.add(writing, Issue(ticket.id, by, way, serial, ends))
        if way is Way.LETTER:
            code = _new_code()
            issues.keep(writing, ticket.id, code, self.keys)
            tickets.change(writing, ticket.id, code=self._code_mark(ticket.id, code))
        audit.add(writing, by or person.name, "enrolment issued", now, whom=person.name, note=way)
        writing.afterwards.append(lambda: self.log.note("ticket made", person=person.id))
        return ticket.id

    def look(self, ticket: str) -> TicketRow | None:
        """The ticket as it stands."""
        with self.database.reading() as reading:
            return tickets.with_id(reading, ticket)

    def link(self, row: TicketRow) -> str:
        """The text of the QR; for the page of the person it belongs to and nowhere else."""
        return self._ticket(row).link

    def offer(self, ticket: str, now: float) -> str:
        """What is offered, sealed with the ticket's key. Raises Unknown or Gone."""
        with self.database.writing() as writing:
            row = self._alive(writing, ticket, now)
            person = self._person(writing, row)
            if row.stage is Stage.SHOWN:
                tickets.change(writing, ticket, stage=Stage.SCANNED.value)
                self.log.note("ticket scanned", person=person.id)
        keys = (public(self.keys.signing),)
        offer = wire.Offer(
            person.display, person.name, self.service, self.origin, keys, row.expires
        )
        return wire.seal_offer(offer, self._ticket(row))

    def show_card(self, ticket: str, untrusted: str, now: float) -> wire.Sent:
        """Take the device's keys and send the confirm code, once. Raises Unknown, Gone, OtherDevice, Refused."""
        with self.database.writing() as writing:
            row = self._alive(writing, ticket, now)
            card = wire.open_card(untrusted, self._ticket(row))
            load(card.sign, "Ed25519"), load(card.agree, "X25519")
            for words in (card.serial, card.software, card.storage):
                label(words)  # they are printed on pages, in files and on the operator's terminal
            wanted = issues.of(writing.connection, ticket).serial
            if wanted and wanted != card.serial:
                raise Refused("This code is for another token")
            if row.card is None:
                return self._send_code(writing, row, card, now)
            if (row.card.sign, row.card.agree) != (card.sign, card.agree):
                raise OtherDevice("Another token has already used this code")
            return wire.Sent(row.sent_to, row.tries_left)

    def confirm(self, ticket: str, untrusted: str, now: float) -> str:
        """The grant, encrypted to the device. Raises Unknown, Gone, NotYet, Refused or WrongCode."""
        with self.database.writing() as writing:
            row = self._alive(writing, ticket, now)
            if row.card is None:
                raise NotYet("The token has to introduce itself first")
            said = wire.open_confirmation(untrusted, load(row.card.sign, "Ed25519"))
            if said.ticket != ticket:
                raise Refused("The confirmation is for another ticket")
            if compare_digest(self._code_mark(ticket, said.code), row.code):
                return row.grant or self._grant(writing, row, row.card, now)
            left = tickets.strike(writing, row)
        self.log.note("confirm code refused", tries_left=left)
        raise WrongCode(wire.Sent(row.sent_to, left))

    def send_again(self, ticket: str, now: float) -> int:
        """Another code for this ticket, because the person asks; 0, or the seconds to wait before it."""
        with self.database.writing() as writing:
            row = tickets.with_id(writing.connection, ticket)
            if row is None or row.about.stage_at(now) is not Stage.SENT or row.card is None:
                return 0
            person = self._person(writing, row)
            if wait := self._message_wait(writing, person, now):
                return wait
            self._send_code(writing, row, row.card, now)
        return 0

    def take_back_code(self, writing: Writing, person: str, now: float) -> None:
        """A code that was sent to this person's number opens nothing; another one can be asked for."""
        row = tickets.alive(writing.connection, person, now)
        if row is not None and row.card is not None and row.sent_to != SERVICE_DESK:
            tickets.change(writing, row.id, code="")

    def _send_code(
        self, writing: Writing, row: TicketRow, card: wire.Card, now: float
    ) -> wire.Sent:
        person, described = self._person(writing, row), msgspec.json.encode(card).decode()
        way = issues.of(writing.connection, row.id).way
        if way is Way.LETTER:  # its code was made when the letter was written
            values = {"sent_to": SERVICE_DESK, "card": described}
            tickets.change(writing, row.id, stage=Stage.SENT.value, **values)
            return wire.Sent(SERVICE_DESK, row.tries_left)
        code = _new_code()
        sent_to = masked(person.phone) if way is Way.SMS else SERVICE_DESK
        if sent_to != SERVICE_DESK and not self._message_wait(writing, person, now, first=True):
            self._send_message(writing, row, person, code, now)
        else:
            sent_to = SERVICE_DESK
            issues.keep(writing, row.id, code, self.keys)
        values = {"sent_to": sent_to, "code": self._code_mark(row.id, code)}
        tickets.change(writing, row.id, stage=Stage.SENT.value, card=described, **values)
        return wire.Sent(sent_to, row.tries_left)

    def _send_message(
        self, writing: Writing, row: TicketRow, person: Person, code: str, now: float
    ) -> None:
        text = translate(
            "Your code to link your Desk Token is {code}. Never give it to anybody.",
            row.language,
            code=code,
        )
        self.gateway.send(writing, Message(now, person.phone, text, person.id))
        audit.add(writing, audit.PORTAL, _MESSAGE, now, whom=person.name)
        writing.afterwards.append(lambda: self.log.note("confirm code sent", person=person.id))

    def _message_wait(
        self, writing: Writing, person: Person, now: float, *, first: bool = False
    ) -> int:
        """Seconds until this person may get a text message again; a first one for a ticket need not rest."""
        since = now - MESSAGE_WINDOW
        found = audit.find(writing.connection, audit.Wanted(person.name, _MESSAGE, since))
        wait = message_wait([entry.at for entry in found], now)
        return 0 if first and len(found) < MESSAGES else wait

    def _grant(self, writing: Writing, row: TicketRow, card: wire.Card, now: float) -> str:
        person = self._person(writing, row)
        device, seed = tokens.new_id(), wire.OtpSeed(pyotp.random_base32(32))
        grant = wire.Grant(device, person.display, person.name, self.service, seed)
        sealed = wire.seal_grant(grant, self.keys.signing, load(card.agree, "X25519"))
        at_rest = tokens.sealed(seed, device, self.keys)
        tokens.add(writing, device, person.id, card=card, sealed_seed=at_rest, now=now)
        tickets.change(writing, row.id, stage=Stage.LINKED.value, device=device, grant=sealed)
        about = issues.of(writing.connection, row.id)
        token_states.heard(writing, device, now, software=card.software, storage=card.storage)
        if about.ends is not None:
            token_states.lend(writing, device, about.ends)
        audit.add(
            writing, person.name, "token linked", now, whom=person.name, note=card.serial[:64]
        )
        writing.afterwards.append(
            lambda: self.log.note("token linked", person=person.id, device=device)
        )
        return sealed

    def _alive(self, writing: Writing, ticket: str, now: float) -> TicketRow:
        row = tickets.with_id(writing.connection, ticket)
        if row is None:
            raise Unknown("This code is not known here")
        if row.about.stage_at(now) is Stage.DEAD or now >= row.expires:
            raise Gone("This code was used or has expired")
        return row

    def _person(self, writing: Writing, row: TicketRow) -> Person:
        person = people.with_id(writing.connection, row.person)
        if person is None:
            raise Gone("This code was used or has expired")
        return person

    def _ticket(self, row: TicketRow) -> wire.Ticket:
        return wire.Ticket(self.origin, self.keys.open(row.secret, f"tickets:{row.id}"))

    def _code_mark(self, ticket: str, untrusted_code: str) -> str:
        return self.keys.mark("confirm", f"{ticket}|{untrusted_code[:64]}")


def _new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"
