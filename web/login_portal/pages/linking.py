"""Linking a token: the QR, and the states the token brings it to. The QR is for the session that asked for it only."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, request
from markupsafe import Markup

from web.login_portal import people, sessions, tokens
from web.login_portal.pages.browser import here, step_up
from web.login_portal.pages.drawing import drawn
from web.login_portal.pages.rendering import go, page, sign_in_again, state
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import place_of
from web.login_portal.rules.enrolment import CONFIRM_TRIES, TICKET_LIFE, Stage
from web.login_portal.sessions import Level, Session
from web.login_portal.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class LinkingPages:
    """The enrolment pages."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/link", "link", self.show, methods=["GET"])
        app.add_url_rule("/link/state", "link_state", self.state, methods=["GET"])
        app.add_url_rule("/link/new", "link_new", self.renew, methods=["POST"])
        app.add_url_rule("/link/again", "link_again", self.again, methods=["POST"])
        app.add_url_rule("/link/vouch", "link_vouch", self.vouch, methods=["POST"])
        app.add_url_rule("/link/finish", "link_finish", self.finish, methods=["POST"])
        for path in ("/e", "/l"):
            app.add_url_rule(path, f"by_phone_{path[1]}", self.scanned_by_phone, methods=["GET"])

    def show(self) -> Response:
        """The QR, or how far the token has come."""
        return self._shown(0, 200)

    def _shown(self, wait: int, status: int) -> Response:
        session = here().session
        if session is None:
            return sign_in_again()
        if not session.ticket:
            return go("/account" if session.level is Level.SIGNED_IN else "/waiting")
        now, row = self.portal.clock(), self._ticket(session)
        stage = row.about.stage_at(now) if row else Stage.DEAD
        qr, link = Markup(), ""
        if row is not None and stage in {Stage.SHOWN, Stage.SCANNED}:
            link = self.portal.enrolments.link(row)
            qr = drawn(link)
        vouched = self.portal.vouching.look(row.id, now) if row else None
        return page(
            "link.html",
            status=status,
            live=self._standing(row, now),
            further=session.level is Level.SIGNED_IN,
            wait=wait,
            vouched=vouched,
            stage=stage.value,
            qr=qr,
            link=link,
            left=row.about.seconds_left(now) if row else 0,
            life=int(TICKET_LIFE),
            sent_to=row.sent_to if row else "",
            tries_left=row.tries_left if row else 0,
            tries=CONFIRM_TRIES,
        )

    def state(self) -> Response:
        """The stage and number of tries by name, for the script."""
        session = here().session
        row = self._ticket(session) if session else None
        now = self.portal.clock()
        return state(self._standing(row, now), row.about.seconds_left(now) if row else 0)

    def _standing(self, row: TicketRow | None, now: float) -> str:
        """Which ticket it is and how far the token has come: a page of an earlier one, in another tab, moves on."""
        if row is None:
            return Stage.DEAD.value
        vouched = self.portal.vouching.look(row.id, now).word
        return f"{row.about.stage_at(now).value} {row.tries_left} {vouched} {row.id}"

    def renew(self) -> Response:
        """A fresh QR: for the first token after the password, for a further one after both factors."""
        session, portal = here().session, self.portal
        if session is None:
            return go("/sign-in")
        with portal.database.reading() as reading:
            person = people.with_id(reading, session.person)
            first = not tokens.of_person(reading, session.person)
        if person is None or not (first or session.level is Level.SIGNED_IN):
            abort(403)
        ticket = portal.enrolments.new_ticket(person, here().language, portal.clock())
        with portal.database.writing() as writing:
            sessions.watch(writing, session.id, ticket=ticket)
        return go("/link")

    def again(self) -> Response:
        """Another text message, because the person asks for it."""
        session = here().session
        row = self._ticket(session) if session else None
        wait = self.portal.enrolments.send_again(row.id, self.portal.clock()) if row else 0
        return self._shown(wait, 429) if wait else go("/link")

    def vouch(self) -> Response:
        """Ask a colleague, for somebody without a telephone."""
        session = here().session
        row = self._ticket(session) if session else None
        if row is not None:
            place = place_of(request.remote_addr or "", self.portal.config.places)
            colleague = request.form.get("colleague", "")[:200]
            self.portal.vouching.ask(row.id, colleague, place, self.portal.clock())
        return go("/link")

    def finish(self) -> Response:
        """Go on after linking: password, text message and the new token together are both factors."""
        session = here().session
        row = self._ticket(session) if session else None
        if session is None or row is None or row.stage is not Stage.LINKED:
            return go("/link")
        self.portal.log.note("signed in", person=session.person, how="linked")
        onward = self.portal.applications.way_on(session)
        step_up(self.portal, session, "linked")
        return go(onward)

    def scanned_by_phone(self) -> Response:
        """Where a phone ends up that scans the QR; the ticket itself never reaches us."""
        return page("scanned_by_phone.html")

    def _ticket(self, session: Session) -> TicketRow | None:
        row = self.portal.enrolments.look(session.ticket) if session.ticket else None
        return row if row is not None and row.person == session.person else None
