"""The signed-in page, and the choice of language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request

from web.login_portal import people, tokens
from web.login_portal.pages.browser import here
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import local_path
from web.login_portal.rules.tongue import LANGUAGES
from web.login_portal.sessions import Level


@dataclass(frozen=True, slots=True)
class AccountPages:
    """What a person sees who is in."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/account", "account", self.show, methods=["GET"])
        app.add_url_rule("/language", "language", self.choose, methods=["POST"])

    def show(self) -> Response:
        """Name, how the login was approved, and the linked tokens."""
        session = here().session
        if session is None or session.level is not Level.SIGNED_IN:
            return go("/sign-in")
        with self.portal.database.reading() as reading:
            person = people.with_id(reading, session.person)
            linked = tokens.of_person(reading, session.person)
        return page("account.html", person=person, tokens=linked, how=session.how)

    def choose(self) -> Response:
        """Speak this language from now on, and stay on the page."""
        wanted = request.form.get("language", "")
        if wanted in LANGUAGES:
            g.language = wanted
        return go(local_path(request.form.get("back", "")))
