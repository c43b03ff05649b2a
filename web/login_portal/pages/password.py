"""The first page: user name and password, and where they lead. Unknown name and wrong password look the same."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, request

from web.login_portal import requests, tokens
from web.login_portal.pages.browser import begin_locked, begin_session, end_session, here
from web.login_portal.pages.rendering import go, page
from web.login_portal.people import Person
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import place_of
from web.login_portal.sessions import Level


@dataclass(frozen=True, slots=True)
class PasswordPages:
    """Sign-in and sign-out."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/", "home", lambda: go("/sign-in"), methods=["GET"])
        app.add_url_rule("/sign-in", "sign_in", self.show, methods=["GET"])
        app.add_url_rule("/sign-in", "try_password", self.judge, methods=["POST"])
        app.add_url_rule("/sign-out", "sign_out", self.leave, methods=["POST"])

    def show(self) -> Response:
        """The form, or the account page for somebody who is in already."""
        session = here().session
        if session is not None and session.level is Level.SIGNED_IN:
            return go("/account")
        return page("sign_in.html", trouble="", wait=0, name="")

    def judge(self) -> Response:
        """Check name and password, and begin what comes next."""
        portal, form = self.portal, request.form
        source, name = request.remote_addr or "", form.get("name", "")[:200]
        judged = portal.passwords.judge(
            name, form.get("password", ""), source, portal.clock(), here().known
        )
        if judged.locked:
            portal.log.note("password not heard", source=source, reason="locked")
            return self._locked(judged.locked, fresh=judged.fresh)
        if judged.refused:
            portal.log.note("password not taken", source=source, reason=judged.refused)
            status = 503 if judged.refused == "gone" else 403
            return page("sign_in.html", status=status, trouble=judged.refused, wait=0, name=name)
        if judged.person is None:
            portal.log.note("password refused", source=source, wait=judged.wait)
            status = 429 if judged.wait else 401
            trouble = "wait" if judged.wait else "wrong"
            values = {"trouble": trouble, "wait": judged.wait, "name": name}
            return page("sign_in.html", status=status, **values)
        self._give_up_older()
        return self._second_step(judged.person, source)

    def leave(self) -> Response:
        """End the session and whatever it waited for."""
        self._give_up_older()
        end_session(self.portal)
        return go("/sign-in")

    def _locked(self, account: str, *, fresh: bool) -> Response:
        """Whatever the password was: the same page, and once a request for the account's tokens."""
        self._give_up_older()
        if fresh:
            self.portal.unlocks.ask(account, self.portal.clock())
        begin_locked(self.portal, account)
        return go("/locked")

    def _second_step(self, person: Person, source: str) -> Response:
        portal, request_id = self.portal, requests.new_id()
        portal.log.note("password accepted", request=request_id, person=person.id)
        with portal.database.reading() as reading:
            linked = bool(tokens.of_person(reading, person.id))
        if not linked:
            ticket = portal.enrolments.new_ticket(person, here().language, portal.clock())
            begin_session(portal, person.id, "", ticket)
            return go("/link")
        place = place_of(source, portal.config.places)
        wait = portal.sign_ins.begin(request_id, person, place, portal.clock())
        if wait:
            return page("ended.html", status=429, outcome="withheld", minutes=-(-wait // 60))
        begin_session(portal, person.id, request_id, "")
        return go("/waiting")

    def _give_up_older(self) -> None:
        session = here().session
        if session is not None and session.request:
            self.portal.sign_ins.cancel(session.request, self.portal.clock())
