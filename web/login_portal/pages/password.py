"""The first page: user name and password, and where they lead. Unknown name and wrong password look the same."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, request

from web.login_portal import requests, tokens
from web.login_portal.applications.authorizations import Authorization
from web.login_portal.applications.registry import Application
from web.login_portal.pages.browser import (
    begin_locked,
    begin_session,
    browser_name,
    end_session,
    here,
)
from web.login_portal.pages.rendering import ENDED, LEFT, go, page
from web.login_portal.people import Person
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import place_of
from web.login_portal.sessions import Level

Found = tuple[Authorization, Application] | None


@dataclass(frozen=True, slots=True)
class PasswordPages:
    """Sign-in and sign-out."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/", "home", lambda: go("/sign-in"), methods=["GET"])
        for path, end in (("/sign-in", ""), ("/sign-in/for/<wish>", "_for")):
            app.add_url_rule(path, f"sign_in{end}", self.show, methods=["GET"])
            app.add_url_rule(path, f"try_password{end}", self.judge, methods=["POST"])
        app.add_url_rule("/sign-out", "sign_out", self.leave, methods=["POST"])

    def show(self, wish: str = "") -> Response:
        """The form, or onward for somebody who is in already. A wish names what an application asked for."""
        session, found = here().session, self._for(wish)
        if found is not None and found[0].satisfied_by(session, self.portal.clock()):
            return go(f"/authorized/{wish}")
        if found is None and session is not None and session.level is Level.SIGNED_IN:
            return go("/account")
        hint = found[0].hint if found else ""
        return self._form(found, name=hint)

    def judge(self, wish: str = "") -> Response:
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
            return self._form(self._for(wish), status=status, trouble=judged.refused, name=name)
        if judged.person is None:
            portal.log.note("password refused", source=source, wait=judged.wait)
            status = 429 if judged.wait else 401
            trouble = "wait" if judged.wait else "wrong"
            found, wait = self._for(wish), judged.wait
            return self._form(found, status=status, trouble=trouble, wait=wait, name=name)
        self._give_up_older()
        return self._second_step(judged.person, source, self._for(wish))

    def leave(self) -> Response:
        """End the session and whatever it waited for."""
        self._give_up_older()
        end_session(self.portal)
        return go(f"/sign-in?{LEFT}")

    def _locked(self, account: str, *, fresh: bool) -> Response:
        """Whatever the password was: the same page, and once a request for the account's tokens."""
        self._give_up_older()
        if fresh:
            self.portal.unlocks.ask(account, self.portal.clock())
        begin_locked(self.portal, account)
        return go("/locked")

    def _form(
        self, found: Found, *, status: int = 200, trouble: str = "", wait: int = 0, name: str = ""
    ) -> Response:
        application = found[1].name if found else ""
        values = {"trouble": trouble, "wait": wait, "name": name, "application": application}
        values["wish"] = found[0].id if found else ""
        told = next((word for word in (LEFT, ENDED) if word in request.args), "")
        return page("sign_in.html", status=status, told=told, **values)

    def _for(self, wish: str) -> Found:
        """What an application asked for, and whose wish it is, if this browser is on its way with it."""
        if not wish:
            return None
        return self.portal.applications.on_its_way(wish, browser_name(self.portal))

    def _second_step(self, person: Person, source: str, found: Found) -> Response:
        portal, request_id = self.portal, requests.new_id()
        portal.log.note("password accepted", request=request_id, person=person.id)
        with portal.database.reading() as reading:
            linked = bool(tokens.of_person(reading, person.id))
        if not linked:
            ticket = portal.enrolments.new_ticket(person, here().language, portal.clock())
            self._bind(found, ticket)
            begin_session(portal, person.id, "", ticket)
            return go("/link")
        place = place_of(source, portal.config.places)
        service = found[1].name if found else ""
        wait = portal.sign_ins.begin(request_id, person, place, portal.clock(), service)
        if wait:
            return page("ended.html", status=429, outcome="withheld", minutes=-(-wait // 60))
        self._bind(found, request_id)
        begin_session(portal, person.id, request_id, "")
        return go("/waiting")

    def _bind(self, found: Found, what: str) -> None:
        """The way that begins now leads to the application."""
        if found is not None:
            self.portal.applications.bind(found[0].id, browser_name(self.portal), what)

    def _give_up_older(self) -> None:
        session = here().session
        if session is not None and session.request:
            self.portal.sign_ins.cancel(session.request, self.portal.clock())
