"""The service desk hands out an enrolment: on the screen, by mail, or on paper.

The link in it is as secret as a password until it was used; the confirm code never travels with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import segno

from appliance.core.errors import Refused
from appliance.wording import translate
from web.login_portal import particulars, people, tickets
from web.login_portal.clock import Clock
from web.login_portal.enrolments import Enrolments
from web.login_portal.outbox import Gateway, Message
from web.login_portal.people import Person
from web.login_portal.rules.enrolment import LIVES, Stage, Way
from web.login_portal.rules.mail import subject
from web.login_portal.rules.roles import Actor, Role
from web.login_portal.store.database import Writing
from web.login_portal.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class Order:
    """What is handed out: `by` is screen, mail or paper; `serial` the only token for it; a loan `ends` at that time."""

    by: str = "screen"
    way: Way = Way.SMS
    language: str = "nl"
    serial: str = ""
    ends: float | None = None


@dataclass(frozen=True, slots=True)
class HandingOut:
    """Issues enrolments."""

    enrolments: Enrolments
    mail: Gateway
    clock: Clock

    def issue(self, actor: Actor, person: str, order: Order) -> str:
        """The id of the ticket. Raises NotAllowed, Refused."""
        actor.needs(Role.DESK)
        found, email = self._person(person)
        now = self.clock()
        if order.by not in LIVES:
            raise Refused("An enrolment is handed out on the screen, by mail or on paper")
        if order.by == "mail" and not email:
            raise Refused("There is no mail address of this person")
        if order.ends is not None and order.ends <= now:
            raise Refused("A loan ends in the future")
        with self.enrolments.database.writing() as writing:
            ticket = self.make(writing, actor, found, order, now)
            if order.by == "mail":
                self._post(writing, ticket, found, email, order.language)
        return ticket

    def make(self, writing: Writing, actor: Actor, person: Person, order: Order, now: float) -> str:
        """The id of the ticket of this order, in a transaction of the caller."""
        return self.enrolments.make_ticket(
            writing,
            person,
            order.language,
            now,
            life=LIVES[order.by],
            by=actor.name,
            way=order.way,
            serial=order.serial,
            ends=order.ends,
        )

    def _person(self, person: str) -> tuple[Person, str]:
        with self.enrolments.database.reading() as reading:
            found, about = people.with_id(reading, person), particulars.of(reading, person)
        if found is None or about.blocked is not None:
            raise Refused("This person is blocked or gone")
        return found, about.email

    def _post(
        self, writing: Writing, ticket: str, person: Person, email: str, language: str
    ) -> None:
        row = tickets.with_id(writing.connection, ticket)
        if row is None:
            return
        link, service = self.enrolments.link(row), self.enrolments.service
        about = subject(translate("Link your Desk Token to {service}", language, service=service))
        paragraphs = (
            translate("Hello {person},", language, person=person.display),
            translate(
                "Hold the button of your Desk Token and hold its camera in front of the picture in this message, "
                "on your screen or on paper. Without a camera: paste this link on the page of your token.",
                language,
            ),
            link,
            translate(
                "It works once, for three days. The confirm code comes another way. Never forward this message.",
                language,
            ),
        )
        text = "\n\n".join(paragraphs) + "\n"
        picture = png(link)
        self.mail.send(writing, Message(self.clock(), email, text, person.id, about, picture))


def png(text: str) -> bytes:
    """The text as a QR that prints and shows well in a mail."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="png", scale=8, border=4)
    return drawing.getvalue()


def still_scannable(row: TicketRow, now: float) -> bool:
    """Whether the QR of this ticket may still be shown."""
    return row.about.stage_at(now) in {Stage.SHOWN, Stage.SCANNED}
