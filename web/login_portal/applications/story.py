"""The story of an application's sign-in, from its request to the code that the browser takes back.

A browser is only ever sent to an address that the application registered; every other trouble stays on our own page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from authlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import LoginRequiredError
from flask import Response

from appliance.core.errors import Refused
from web.login_portal.admission import admitted
from web.login_portal.applications import authorizations, grants, registry, wishes
from web.login_portal.applications.asking import PROVEN, Asked
from web.login_portal.applications.authorizations import Authorization
from web.login_portal.applications.backchannel import Backchannel
from web.login_portal.applications.farewells import Farewells
from web.login_portal.applications.id_tokens import IdTokens, about
from web.login_portal.applications.leaving import Leavings
from web.login_portal.applications.provider import Granted, Provider
from web.login_portal.applications.pushed import LIFE, SCHEME, Pushed
from web.login_portal.applications.registrations import Registrations
from web.login_portal.applications.registry import Application
from web.login_portal.applications.signing_keys import SigningKeys
from web.login_portal.clock import Clock
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.rules.application_words import is_plain
from web.login_portal.sessions import Level, Session
from web.login_portal.sign_ins import SignIns
from web.login_portal.store.database import Database, Writing

SOMEBODY = object()  # Authlib asks whether anybody is there; whether that is enough is judged here


@dataclass(frozen=True, slots=True)
class Applications:
    """Everything about applications that pages and commands ask."""

    database: Database
    keys: Keys
    log: Logbook
    clock: Clock
    signing: SigningKeys
    writer: IdTokens
    provider: Provider
    backchannel: Backchannel
    leavings: Leavings
    farewells: Farewells
    registrations: Registrations
    pushed: Pushed

    def find(self, untrusted_id: str) -> Application | None:
        """The application with this id, if any; none for a disabled one."""
        with self.database.reading() as reading:
            return registry.find(reading, untrusted_id)

    def whole(self, sent: Mapping[str, str]) -> Mapping[str, str]:
        """The request itself, where the browser only brought its name (RFC 9126 section 4). Raises Refused."""
        application = sent.get("client_id", "")
        if (name := sent.get("request_uri", "")).startswith(SCHEME):
            return self.pushed.take(name, application)
        if (found := self.find(application)) and found.pushed:
            raise Refused("This application has to announce its sign-ins, and did not")
        return sent

    def ask(
        self, sent: Mapping[str, str], browser: str, session: Session | None, source: str
    ) -> Authorization:
        """Take in an application's request. Raises Refused for our own page, OAuth2Error to send back."""
        self._may_be_answered(sent)
        sent, now = wishes.heard(sent), self.clock()
        wish = self._for_whom(wishes.wish(sent, browser, now), sent, session)
        signed_in = session if wish.satisfied_by(session, now) else None
        self.provider.get_consent_grant(Asked("GET", sent), signed_in or SOMEBODY)
        if sent.get("prompt") == "none" and signed_in is None:
            raise LoginRequiredError(redirect_uri=wish.redirect, state=wish.state)
        if session is None or session.level is not Level.SIGNED_IN:
            wish = replace(wish, source=self.keys.mark("source", source))
        with self.database.writing() as writing:
            authorizations.add(writing, wish)
        return wish

    def refuse(self, error: OAuth2Error) -> Response:
        """The browser goes back with the error."""
        reply: Response = self.provider.handle_error_response(None, error)
        return self.provider.with_issuer(reply)

    def on_its_way(self, name: str, browser: str) -> tuple[Authorization, Application] | None:
        """The wish with this name, and whose it is, if this browser is on its way with it."""
        with self.database.reading() as reading:
            wish = authorizations.find(reading, name, browser, self.clock())
            found = registry.find(reading, wish.application) if wish else None
        return (wish, found) if wish and found else None

    def bind(self, name: str, browser: str, what: str) -> None:
        """This login or ticket is for the wish with this name."""
        with self.database.writing() as writing:
            authorizations.bind(writing, name, browser, what)

    def way_on(self, session: Session) -> str:
        """Where a browser goes that has just signed in: on to its application, or to the account page."""
        what = session.request or session.ticket
        with self.database.reading() as reading:
            wish = authorizations.waiting_for(reading, what, session.id, self.clock())
        return f"/go-on/{wish.id}" if wish else "/account"

    def way_back(self, browser: str) -> str:
        """Where this browser signs in again: for the application it came from, or for itself."""
        with self.database.reading() as reading:
            wish = authorizations.latest(reading, browser, self.clock())
        return f"/sign-in/for/{wish.id}" if wish else "/sign-in"

    def finish(self, wish: Authorization, session: Session) -> Response | None:
        """The redirect with the code, once; None when it was given already. The session must satisfy the wish."""
        with self.database.writing() as writing:
            if not authorizations.take(writing, wish.id):
                return None
        asked = Asked("GET", wishes.as_sent(wish))
        granted = Granted(session.person, session.id, session.how, session.made)
        grant = self.provider.get_consent_grant(asked, granted)
        reply: Response = self.provider.create_authorization_response(asked, granted, grant)
        self.log.note("code given", application=wish.application, person=session.person)
        return reply

    def token(self, sent: Mapping[str, str], headers: Mapping[str, str]) -> Response:
        """What the token address answers."""
        if not is_plain(dict(sent)):
            return self.refuse(InvalidRequestError("The request has the wrong form"))
        reply: Response = self.provider.create_token_response(Asked("POST", sent, headers))
        return reply

    def push(self, sent: Mapping[str, str], headers: Mapping[str, str], source: str) -> Response:
        """What the address answers at which applications push requests ahead (RFC 9126 section 2)."""
        try:
            if "request_uri" in sent:
                raise InvalidRequestError("The request has the wrong form")
            asked = Asked("POST", sent, headers)
            client = self.provider.authenticate_client(asked, (*PROVEN, "none"))
            if sent.get("client_id", client.client_id) != client.client_id:
                raise InvalidRequestError("The client_id is of another application")
            wanted = wishes.heard({**sent, "client_id": client.client_id})
            wishes.wish(wanted, "", self.clock())
            self.provider.get_consent_grant(Asked("GET", wanted), SOMEBODY)
            name = self.pushed.keep(client.application, wanted, source)
        except OAuth2Error as error:
            error.redirect_uri = None  # it goes to the application itself, not by way of a browser
            return self.refuse(error)
        self.log.note("request pushed", application=client.client_id)
        told: dict[str, Any] = {"request_uri": name, "expires_in": int(LIFE)}
        return self.provider.handle_response(201, told, [("Content-Type", "application/json")])

    def kiosk(self, sent: Mapping[str, str], headers: Mapping[str, str], place: str) -> Response:
        """What the address answers at which kiosks start sign-ins."""
        try:
            if not is_plain(dict(sent)):
                raise InvalidRequestError("The request has the wrong form")
            asked = Asked("POST", sent, headers)
            client = self.provider.authenticate_client(asked, PROVEN)
            told = self.backchannel.begin(client.application, dict(sent), place)
        except OAuth2Error as error:
            return self.refuse(error)
        return self.provider.handle_response(200, told, [("Content-Type", "application/json")])

    def userinfo(self, untrusted_access: str) -> dict[str, Any] | None:
        """Whom this access token is about; None when it opens nothing (any more)."""
        with self.database.reading() as reading:
            mark = self.provider.mark(untrusted_access)
            access = grants.access(reading, mark, self.clock())
            person = admitted(reading, access.person) if access else None
        return about(person, access.scope) if person and access else None

    def forget_old(self, writing: Writing, now: float) -> None:
        """Drop what is too old to matter."""
        self.farewells.forget_old(writing, now)
        authorizations.forget_old(writing, now)
        grants.forget_old(writing, now)
        self.pushed.forget_old(writing, now)
        self.backchannel.forget_old(writing, now)

    def _may_be_answered(self, sent: Mapping[str, str]) -> None:
        """Raises Refused unless a registered application names one of its own addresses."""
        found = self.find(sent.get("client_id", ""))
        if found is None:
            raise Refused("This application is not known here")
        if sent.get("redirect_uri", "") not in found.redirects:
            raise Refused("The application wants to go back to an address that is not registered")

    def _for_whom(
        self, wish: Authorization, sent: Mapping[str, str], session: Session | None
    ) -> Authorization:
        """The wish; a fresh one when the application means somebody else than who is here. Raises InvalidRequestError.

        The session of another person is not answered with (OpenID Connect Core 1.0 section 3.1.2.1, id_token_hint).
        """
        if not (hint := sent.get("id_token_hint")):
            return wish
        claims = self.signing.read(hint)
        if claims is None:
            way = {"redirect_uri": wish.redirect, "state": wish.state}
            raise InvalidRequestError("The id_token_hint is not one of ours", **way)
        another = session is not None and session.person != claims.get("sub")
        return replace(wish, fresh=wish.fresh or another)


def open_applications(
    database: Database, keys: Keys, log: Logbook, clock: Clock, sign_ins: SignIns
) -> Applications:
    """The applications of one portal."""
    signing = SigningKeys(database, keys)
    writer = IdTokens(database, keys, signing, sign_ins.origin)
    backchannel = Backchannel(database, keys, sign_ins)
    farewells = Farewells(database, log, clock, writer)
    provider = Provider(log, clock, writer, backchannel, farewells)
    leavings = Leavings(database, writer)
    desk, pushed = Registrations(database, keys, log, clock), Pushed(database, keys, clock)
    parts = (signing, writer, provider, backchannel, leavings, farewells, desk, pushed)
    return Applications(database, keys, log, clock, *parts)
