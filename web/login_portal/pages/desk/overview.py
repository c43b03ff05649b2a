"""The first desk page: what waits for somebody to look, who is locked out, and which requests are open now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, request

from web.login_portal import locks, people, reports, requests
from web.login_portal.pages.desk.access import at_desk
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.roles import Role


@dataclass(frozen=True, slots=True)
class DeskOverviewPages:
    """Reports, locks and open requests."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/desk", "desk", self.show, methods=["GET"])
        app.add_url_rule("/desk/reports/<int:report>", "desk_seen", self.seen, methods=["POST"])

    def show(self) -> Response:
        """Everything that is not as always."""
        actor, now = at_desk(self.portal), self.portal.clock()
        everything = "all" in request.args
        with self.portal.database.reading() as reading:
            names = {person.id: person for person in people.everybody(reading)}
            waiting = reports.listed(reading, done=everything)
            locked = [(lock, names.get(lock.person)) for lock in locks.everything(reading)]
            asked = [(one, names.get(one.person)) for one in requests.open_ones(reading, now)]
        known = [(one, person) for one, person in asked if person is not None]
        values = {"reports": waiting, "locks": locked, "requests": known, "everything": everything}
        return page("desk/overview.html", status=200, actor=actor, now=now, **values)

    def seen(self, report: int) -> Response:
        """Somebody looked at a report."""
        actor = at_desk(self.portal, Role.DESK)
        self.portal.service_desk.acknowledge(actor, report, self.portal.clock())
        return go("/desk")
