"""The audit trail: filtered on the page, and exported as CSV in which no cell is a formula."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, make_response, request

from appliance.core.errors import Refused
from web.login_portal import audit
from web.login_portal.audit import EXPORTED, PAGE, Wanted
from web.login_portal.pages.desk.access import at_desk
from web.login_portal.pages.rendering import page
from web.login_portal.portal import Portal
from web.login_portal.rules.expiry import DAY, end_of_day
from web.login_portal.rules.names import login_name
from web.login_portal.rules.tables_of_text import moment, written

HEADING = ("time", "actor", "act", "whom", "note")


@dataclass(frozen=True, slots=True)
class DeskAuditPages:
    """Who did what to whom."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/desk/audit", "desk_audit", self.show, methods=["GET"])
        app.add_url_rule("/desk/audit.csv", "desk_audit_csv", self.export, methods=["GET"])

    def show(self) -> Response:
        """The newest entries that fit."""
        actor, trouble, wanted = at_desk(self.portal), "", Wanted()
        try:
            wanted = self._wanted()
        except Refused as refusal:
            trouble = str(refusal)
        with self.portal.database.reading() as reading:
            found, acts = audit.find(reading, wanted), audit.acts(reading)
        older = found[-1].id if len(found) == PAGE else 0
        asked = {key: request.args.get(key, "")[:64] for key in ("name", "act", "since", "until")}
        values = {"found": found, "acts": acts, "older": older, "asked": asked, "trouble": trouble}
        return page("desk/audit.html", status=422 if trouble else 200, actor=actor, **values)

    def export(self) -> Response:
        """The same entries as a file; that somebody took it is an entry itself."""
        actor = at_desk(self.portal)
        try:
            wanted = self._wanted()
        except Refused:
            return self.show()
        with self.portal.database.writing() as writing:
            found = audit.find(writing.connection, wanted, EXPORTED)
            audit.add(
                writing, actor.name, "audit exported", self.portal.clock(), note=str(len(found))
            )
        rows = [(moment(one.at), one.actor, one.act, one.whom, one.note) for one in found]
        reply = make_response(written([HEADING, *rows]))
        reply.headers["Content-Type"] = "text/csv; charset=utf-8"
        reply.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return reply

    @staticmethod
    def _wanted() -> Wanted:
        """What is asked for. Raises Refused for a day that is none."""
        asked = request.args
        since, until = asked.get("since", ""), asked.get("until", "")
        before = asked.get("before", "")
        known = before.isascii() and before.isdigit() and len(before) < 18
        first, last = end_of_day(since or "never"), end_of_day(until or "never")
        return Wanted(
            login_name(asked.get("name", "")),
            asked.get("act", "")[:64],
            first - DAY if first else 0.0,
            last or 1e12,
            int(before) if known else 2**62,
        )
