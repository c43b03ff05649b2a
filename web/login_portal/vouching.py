"""A linked colleague vouches for somebody who links a token and has no telephone: asked on the colleague's own token.

Whoever names a colleague learns nothing about that name: the page waits in the same way for a name that nobody has.
A yes shows the confirm code to the browser or desk that asked; it is still dialled on the new token.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from web.login_portal import issues, people, quiet, requests, tickets, tokens
from web.login_portal.people import Person
from web.login_portal.rules.enrolment import SERVICE_DESK, Stage, Way
from web.login_portal.rules.outcomes import Outcome, SignIn, question
from web.login_portal.sign_ins import VOUCH, SignIns
from web.login_portal.store.database import Writing


@dataclass(frozen=True, slots=True)
class Vouched:
    """How the asking stands: `none`, `open`, `refused` or `approved`; only then there is a code."""

    word: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Vouching:
    """Asks colleagues."""

    sign_ins: SignIns

    def ask(self, ticket: str, untrusted_colleague: str, place: str, now: float) -> None:
        """Ask this colleague's tokens, unless a colleague is being asked already."""
        with self.sign_ins.database.writing() as writing:
            newcomer = self._newcomer(writing, ticket, now)
            asked = _request(writing.connection, ticket)
            if newcomer is None or (asked is not None and asked.outcome_at(now) is None):
                return
            colleague = people.named(writing.connection, untrusted_colleague)
            self._ask(writing, ticket, newcomer, colleague, place, now)

    def look(self, ticket: str, now: float) -> Vouched:
        """How it stands now."""
        with self.sign_ins.database.reading() as reading:
            asked = _request(reading, ticket)
            issue = issues.of(reading, ticket)
        if asked is None:
            return Vouched("none")
        outcome = asked.outcome_at(now)
        if outcome is None:
            return Vouched("open")
        if outcome is not Outcome.APPROVED:
            return Vouched("refused")
        return Vouched("approved", issues.kept(issue, self.sign_ins.keys))

    def _newcomer(self, writing: Writing, ticket: str, now: float) -> Person | None:
        """Whose ticket waits for a code that went to no telephone."""
        row = tickets.with_id(writing.connection, ticket)
        if row is None or row.about.stage_at(now) is not Stage.SENT or row.sent_to != SERVICE_DESK:
            return None
        if issues.of(writing.connection, ticket).way is Way.LETTER:
            return None
        return people.with_id(writing.connection, row.person)

    def _ask(
        self,
        writing: Writing,
        ticket: str,
        newcomer: Person,
        colleague: Person | None,
        place: str,
        now: float,
    ) -> None:
        whom = colleague.id if colleague else f"nobody {ticket}"
        request, service = requests.new_id(), self.sign_ins.service
        asked = question(
            request, whom, service, now, asks=VOUCH, note=newcomer.display, place=place
        )
        waits = self.sign_ins.wait(writing, whom, now) or quiet.until(writing.connection, whom, now)
        requests.add(writing, asked)
        issues.change(writing, ticket, request=asked.id)
        if colleague is None or colleague.id == newcomer.id or waits:
            return
        if tokens.of_person(writing.connection, colleague.id):
            self.sign_ins.ask(writing, asked, colleague, now)


def _request(reading: Connection, ticket: str) -> SignIn | None:
    request = issues.of(reading, ticket).request
    return requests.with_id(reading, request) if request else None
