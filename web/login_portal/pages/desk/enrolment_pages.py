"""One enrolment that the desk handed out: its QR on the screen, a page to print, and its confirm code, shown once."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, request
from markupsafe import Markup

from web.login_portal import issues, people, tickets
from web.login_portal.handing_out import still_scannable
from web.login_portal.issues import Issue
from web.login_portal.pages.desk.access import at_desk
from web.login_portal.pages.drawing import drawn
from web.login_portal.pages.rendering import go, page, state
from web.login_portal.people import Person
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import place_of
from web.login_portal.rules.enrolment import Stage, Way
from web.login_portal.rules.roles import Role
from web.login_portal.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class _Found:
    row: TicketRow
    issue: Issue
    person: Person


@dataclass(frozen=True, slots=True)
class DeskEnrolmentPages:
    """What the desk sees of one ticket of its own."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        one = "/desk/enrolments/<ticket>"
        app.add_url_rule(one, "desk_enrolment", self.show, methods=["GET"])
        app.add_url_rule(f"{one}/state", "desk_enrolment_state", self.state, methods=["GET"])
        app.add_url_rule(f"{one}/paper", "desk_paper", self.paper, methods=["GET"])
        app.add_url_rule(f"{one}/code", "desk_code", self.code, methods=["POST"])
        app.add_url_rule(f"{one}/vouch", "desk_vouch", self.vouch, methods=["POST"])

    def show(self, ticket: str) -> Response:
        """The QR, or how far the token has come, and what the desk can do next."""
        actor = at_desk(self.portal, Role.DESK)
        found, now = self._found(ticket), self.portal.clock()
        stage = found.row.about.stage_at(now)
        qr = self._qr(found) if still_scannable(found.row, now) else Markup()
        vouched = self.portal.vouching.look(ticket, now)
        ready = found.issue.code is not None and self._may_be_told(found, stage)
        values = {"stage": stage.value, "qr": qr, "vouched": vouched, "ready": ready}
        live = f"{stage.value} {vouched.word}"
        return page(
            "desk/enrolment.html", status=200, actor=actor, found=found, live=live, **values
        )

    def state(self, ticket: str) -> Response:
        """The stage and the colleague's word by name, for the script."""
        at_desk(self.portal, Role.DESK)
        found, now = self._found(ticket), self.portal.clock()
        stage = found.row.about.stage_at(now)
        word = f"{stage.value} {self.portal.vouching.look(ticket, now).word}"
        return state(word, found.row.about.seconds_left(now))

    def paper(self, ticket: str) -> Response:
        """The QR as a page to print."""
        actor, found = at_desk(self.portal, Role.DESK), self._found(ticket)
        if not still_scannable(found.row, self.portal.clock()):
            return go(f"/desk/enrolments/{ticket}")
        return page("desk/paper.html", status=200, actor=actor, found=found, qr=self._qr(found))

    def code(self, ticket: str) -> Response:
        """The confirm code, once, for a person whose identity was checked."""
        actor, found = at_desk(self.portal, Role.DESK), self._found(ticket)
        stage = found.row.about.stage_at(self.portal.clock())
        if "checked" not in request.form or not self._may_be_told(found, stage):
            return go(f"/desk/enrolments/{ticket}")
        code = self.portal.service_desk.told_code(actor, ticket, self.portal.clock())
        return page("desk/code.html", status=200, actor=actor, found=found, code=code)

    def vouch(self, ticket: str) -> Response:
        """Ask a colleague of this person, whom the desk names."""
        at_desk(self.portal, Role.DESK)
        found = self._found(ticket)
        place = place_of(request.remote_addr or "", self.portal.config.places)
        colleague = request.form.get("colleague", "")[:200]
        self.portal.vouching.ask(found.row.id, colleague, place, self.portal.clock())
        return go(f"/desk/enrolments/{ticket}")

    def _found(self, ticket: str) -> _Found:
        with self.portal.database.reading() as reading:
            row, issue = tickets.with_id(reading, ticket), issues.of(reading, ticket)
            person = people.with_id(reading, row.person) if row else None
        if row is None or person is None:
            abort(404)
        return _Found(row, issue, person)

    def _may_be_told(self, found: _Found, stage: Stage) -> bool:
        """A letter is written beforehand; a code that is spoken is for a token that is there."""
        early = found.issue.way is Way.LETTER and stage not in {Stage.LINKED, Stage.DEAD}
        spoken = found.issue.way is not Way.COLLEAGUE and stage is Stage.SENT
        return early or spoken

    def _qr(self, found: _Found) -> Markup:
        """Drawn for the desk that handed this ticket out; a person's own QR is for their own browser."""
        return drawn(self.portal.enrolments.link(found.row)) if found.issue.by else Markup()
