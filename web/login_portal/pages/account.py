"""The signed-in page, the change of password, and the choice of language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request

from appliance.core.errors import Refused
from web.login_portal import tokens
from web.login_portal.pages.browser import begin_locked, signed_in
from web.login_portal.pages.rendering import go, page, sign_in_again
from web.login_portal.pages.ways import page_above
from web.login_portal.passwords import Judged
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import local_path
from web.login_portal.rules.expiry import days_left, warns
from web.login_portal.rules.roles import Role
from web.login_portal.rules.tongue import LANGUAGES
from web.login_portal.sources.verdicts import SourceGone


@dataclass(frozen=True, slots=True)
class AccountPages:
    """What a person sees who is in."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/account", "account", self.show, methods=["GET"])
        app.add_url_rule("/account/password", "password", self.show_password, methods=["GET"])
        app.add_url_rule("/account/password", "change", self.change_password, methods=["POST"])
        app.add_url_rule("/language", "language", self.choose, methods=["POST"])

    def show(self) -> Response:
        """Name, how the login was approved, and the linked tokens."""
        found = signed_in(self.portal)
        if found is None:
            return sign_in_again()
        session, person = found
        with self.portal.database.reading() as reading:
            linked = tokens.of_person(reading, person.id)
        now, until = self.portal.clock(), person.password_until
        left, warned = days_left(until, now), warns(until, now)
        return page(
            "account.html",
            person=person,
            tokens=linked,
            how=session.how,
            days=left,
            warned=warned,
            changed="changed" in request.args,
            desk=self.portal.service_desk.actor(person.id).may(Role.READER)
            and session.how != "linked",
        )

    def show_password(self) -> Response:
        """The form for another password."""
        return self._password_page("", 0, 200) if signed_in(self.portal) else sign_in_again()

    def change_password(self) -> Response:
        """Judge the old password and take the new one."""
        found, form, portal = signed_in(self.portal), request.form, self.portal
        if found is None:
            return sign_in_again()
        session, person = found
        old, fresh, source = form.get("old", ""), form.get("new", ""), request.remote_addr or ""
        try:
            judged = portal.profiles.change_password(
                person, session.id, old, fresh, source, portal.clock()
            )
        except Refused as refusal:
            return self._password_page(str(refusal), 0, 422)
        except SourceGone as gone:
            self.portal.log.note("password not changed", reason=str(gone))
            return self._password_page("gone", 0, 503)
        if judged.locked:
            return self._locked(judged)
        if judged.person is None:
            if judged.refused == "gone":
                return self._password_page("gone", 0, 503)
            return self._password_page("wrong", judged.wait, 429 if judged.wait else 422)
        return go("/account?changed")

    def _locked(self, judged: Judged) -> Response:
        """Too many wrong old passwords: the same page as for too many at the sign-in, and out of here."""
        if judged.fresh:
            self.portal.unlocks.ask(judged.locked, self.portal.clock())
        begin_locked(self.portal, judged.locked)
        return go("/locked")

    def _password_page(self, trouble: str, wait: int, status: int) -> Response:
        return page("password.html", status=status, trouble=trouble, wait=wait)

    def choose(self) -> Response:
        """Speak this language from now on, and stay on the page."""
        wanted = request.form.get("language", "")
        if wanted in LANGUAGES:
            g.language = wanted
        return go(page_above(local_path(request.form.get("back", ""))))
