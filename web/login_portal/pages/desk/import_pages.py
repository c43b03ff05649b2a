"""Import of people and tokens: choose a file, see what it would do and all that is wrong, then apply it whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request

from appliance.core.errors import Refused
from web.login_portal.importing import BadFile
from web.login_portal.pages.desk.access import at_desk
from web.login_portal.pages.rendering import page
from web.login_portal.portal import Portal
from web.login_portal.rules.roles import Actor, Role

IMPORT = "/desk/import"
NOTHING: dict[str, Any] = {"plan": None, "draft": "", "applied": None, "bad": [], "trouble": ""}


@dataclass(frozen=True, slots=True)
class DeskImportPages:
    """The import, for admins."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule(IMPORT, "desk_import", self.show, methods=["GET"])
        app.add_url_rule(IMPORT, "desk_import_look", self.look, methods=["POST"])
        app.add_url_rule(f"{IMPORT}/apply", "desk_import_apply", self.apply, methods=["POST"])

    def show(self) -> Response:
        """The form."""
        return _shown(at_desk(self.portal, Role.ADMIN))

    def look(self) -> Response:
        """What the file would do. Nothing is changed; the file is kept sealed for an hour."""
        actor = at_desk(self.portal, Role.ADMIN)
        sent = request.files.get("file")
        text = sent.read() if sent else b""
        plan = self.portal.importing.plan(text)
        if plan.bad or not plan.rows:
            return _shown(actor, 422, plan=plan, bad=plan.bad)
        return _shown(actor, plan=plan, draft=self.portal.importing.keep(actor, text))

    def apply(self) -> Response:
        """Do it, unless something changed meanwhile that makes a line bad."""
        actor = at_desk(self.portal, Role.ADMIN)
        try:
            text = self.portal.importing.take(actor, request.form.get("draft", "")[:64])
            plan = self.portal.importing.apply(actor, text)
        except BadFile as refusal:
            return _shown(actor, 422, bad=refusal.bad)
        except Refused as refusal:
            return _shown(actor, 422, trouble=str(refusal))
        return _shown(actor, applied=plan)


def _shown(actor: Actor, status: int = 200, **values: object) -> Response:
    """The page with what is known; the rest of its places stay empty."""
    return page("desk/import.html", status=status, actor=actor, shown={**NOTHING, **values})
