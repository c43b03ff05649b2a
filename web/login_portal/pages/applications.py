"""The pages that an application's sign-in passes: the start, the way on, and signing out from there.

The application's name is all that is shown of it. Nobody is sent to an address that it did not register.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.errors import OAuth2Error
from flask import Flask, Response, g, request
from werkzeug.datastructures import MultiDict

from appliance.core.errors import Refused
from web.login_portal.applications.metadata import AUTHORIZE, END_SESSION
from web.login_portal.pages.browser import browser_name, cookie_name, end_session, here
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.tongue import asked_for
from web.login_portal.sessions import Level


@dataclass(frozen=True, slots=True)
class ApplicationPages:
    """What a browser sees that an application sends here."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule(AUTHORIZE, "authorize", self.begin, methods=["GET"])
        app.add_url_rule(END_SESSION, "end_session", self.leave, methods=["GET"])
        for path in (AUTHORIZE, END_SESSION):
            app.add_url_rule(path, f"{path[1:]}_by_form", self.as_address, methods=["POST"])
        app.add_url_rule("/go-on/<wish>", "go_on", self.go_on, methods=["GET"])
        app.add_url_rule("/authorized/<wish>", "authorized", self.finish, methods=["GET"])
        app.add_url_rule("/sign-out/all", "sign_out_all", self.leave_now, methods=["POST"])

    def begin(self) -> Response:
        """An application asks; the browser goes on to sign in, or back at once when it has."""
        applications, session = self.portal.applications, here().session
        try:
            sent = applications.whole(_each_once(request.args))
            self._speak(sent.get("ui_locales", ""))
            source = request.remote_addr or ""
            wish = applications.ask(sent, browser_name(self.portal), session, source)
        except Refused as refused:
            self.portal.log.note("application refused", reason=str(refused))
            return _refused(refused)
        except OAuth2Error as error:
            self.portal.log.note("application refused", reason=error.error)
            return applications.refuse(error)
        return go(f"/sign-in/for/{wish.id}")

    def as_address(self) -> Response:
        """What came as a form comes again as an address: another site's form carries none of our cookies."""
        query = urlencode(list(request.form.items(multi=True)))
        return go(f"{request.path}?{query}")

    def go_on(self, wish: str) -> Response:
        """Signed in; the browser goes on by itself, and not as the end of a form."""
        found = self.portal.applications.on_its_way(wish, browser_name(self.portal))
        if found is None:
            return _refused(_gone())
        return page("go_on.html", application=found[1].name, onward=f"/authorized/{wish}")

    def finish(self, wish: str) -> Response:
        """Back to the application with a code, if this session is what it wanted."""
        session, applications = here().session, self.portal.applications
        found = applications.on_its_way(wish, browser_name(self.portal))
        if found is None:
            return _refused(_gone())
        if session is None or not found[0].satisfied_by(session, self.portal.clock()):
            return go(f"/sign-in/for/{wish}")
        return applications.finish(found[0], session) or _refused(_gone())

    def leave(self) -> Response:
        """An application signs its person out; without proof that it is this person, we ask first."""
        leavings, session = self.portal.applications.leavings, here().session
        try:
            sent = _each_once(request.args)
            self._speak(sent.get("ui_locales", ""))
            leaving = leavings.read(sent)
        except Refused as refused:
            return _refused(refused)
        if session is not None and session.level is Level.SIGNED_IN:
            if not leavings.is_of(leaving, session):
                return page("sign_out.html")
            self.portal.log.note("signed out", person=session.person, by="application")
            end_session(self.portal)
        return go(leaving.back) if leaving.back else page("signed_out.html")

    def leave_now(self) -> Response:
        """The person said so."""
        end_session(self.portal)
        return page("signed_out.html")

    def _speak(self, untrusted_locales: str) -> None:
        """The application knows its person's language; what the person chose here counts for more."""
        chosen = request.cookies.get(cookie_name(self.portal, "language"), "")
        if not chosen and (wanted := asked_for(untrusted_locales)):
            g.language = wanted


def _gone() -> Refused:
    return Refused("This sign-in was finished or has expired. Start again in the application")


def _refused(why: Refused) -> Response:
    return page("refused.html", status=400, reason=str(why))


def _each_once(sent: MultiDict[str, str]) -> dict[str, str]:
    """What was sent, if no name came twice. Raises Refused (RFC 6749 section 3.1)."""
    if any(len(values) > 1 for values in sent.listvalues()):
        raise Refused("The application sent something twice")
    return sent.to_dict()
