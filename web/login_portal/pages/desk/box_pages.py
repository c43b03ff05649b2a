"""One token as a thing: a kiosk's box holds many people, and is ended as a whole when it is lost."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort

from web.login_portal import token_states, tokens
from web.login_portal.pages.desk.access import at_desk
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.roles import Role


@dataclass(frozen=True, slots=True)
class DeskBoxPages:
    """Everybody on the token with one serial number."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/desk/boxes/<serial>", "desk_box", self.show, methods=["GET"])
        app.add_url_rule(
            "/desk/boxes/<serial>/revoke", "desk_box_revoke", self.revoke, methods=["POST"]
        )

    def show(self, serial: str) -> Response:
        """Who is linked on it, and how it is doing."""
        actor = at_desk(self.portal)
        with self.portal.database.reading() as reading:
            listed = tokens.everything(reading, serial=serial)
            found = [(one, token_states.of(reading, one.id)) for one in listed]
        if not found:
            abort(404)
        return page("desk/box.html", actor=actor, serial=serial, found=found)

    def revoke(self, serial: str) -> Response:
        """End everything on it."""
        actor = at_desk(self.portal, Role.DESK)
        self.portal.service_desk.revoke_box(actor, serial, self.portal.clock())
        return go(f"/desk/boxes/{serial}")
