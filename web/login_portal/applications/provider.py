"""The OpenID Connect rules themselves, by Authlib: what a request must look like, who is asking, and what it gets.

Everything that Authlib needs to know of us stands in this file; rows, claims and pages live elsewhere.
Sources: RFC 6749, 7636 and 9207; RFC 9700 (PKCE always, S256 only); OpenID Connect Core 1.0.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer
from authlib.oauth2.rfc6749.errors import InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode
from flask import Response

from web.login_portal.admission import admitted
from web.login_portal.applications import grants, registry
from web.login_portal.applications.asking import BY_KEY, PROVEN, Asked, Client
from web.login_portal.applications.backchannel import Backchannel
from web.login_portal.applications.farewells import Farewells
from web.login_portal.applications.grants import ACCESS_LIFE, CODE_LIFE, Access, Code
from web.login_portal.applications.id_tokens import IdTokens
from web.login_portal.applications.kiosk_grant import KioskGrant
from web.login_portal.applications.metadata import BACKCHANNEL, PUSH, TOKEN
from web.login_portal.applications.proof import KeyProof
from web.login_portal.clock import Clock
from web.login_portal.logbook import Logbook
from web.login_portal.people import Person

REALM = 'Basic realm="desk-portal", '


@dataclass(frozen=True, slots=True)
class Granted:
    """Who signed in, in which session, how and when (Unix seconds)."""

    person: str
    session: str
    how: str
    auth_time: float


class _CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes, kept as rows."""

    TOKEN_ENDPOINT_AUTH_METHODS = (*PROVEN, "none")

    def save_authorization_code(self, code: str, request: Any) -> None:  # noqa: ANN401
        """Write the code down under its keyed hash."""
        self.server.save_code(code, request)

    def query_authorization_code(self, code: str, client: Client) -> _Taken | None:
        """Use the code up."""
        taken: _Taken | None = self.server.take_code(code, client)
        return taken

    def delete_authorization_code(self, authorization_code: object) -> None:
        """It was used up when it was read."""

    def authenticate_user(self, authorization_code: _Taken) -> Person | None:
        """The person of this code."""
        person: Person | None = self.server.person_of(authorization_code.code)
        return person


class _Taken:
    """A code that has just been used up, as Authlib wants to see it."""

    code_challenge_method = "S256"

    def __init__(self, code: Code) -> None:
        self.code, self.code_challenge = code, code.challenge

    def get_redirect_uri(self) -> str:
        """The address it was sent to."""
        return self.code.redirect

    def get_scope(self) -> str:
        """What it is for."""
        return self.code.scope


class _Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE for everybody, and never the plain one."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:  # noqa: ANN401
        """Raises InvalidRequestError without a good challenge."""
        sent = grant.request.payload.data
        if not sent.get("code_challenge") or sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge with the method S256 is needed")
        super().validate_code_challenge(grant, redirect_uri)


class _IdToken(OpenIDCode):  # type: ignore[misc]
    """The ID token beside the access token."""

    def exists_nonce(self, nonce: str, request: object) -> bool:
        """A nonce is the application's to check; our codes work once anyway."""
        del nonce, request
        return False

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:  # noqa: ANN401
        """The ID token of this code."""
        code = request.authorization_code.code
        return str(self.server.id_token(code, request.user, token["access_token"]))

    def __call__(self, grant: Any) -> None:  # noqa: ANN401
        """Hang on to the grant, whose server writes the token."""
        self.server = grant.server
        super().__call__(grant)


class _Issuer(IssuerParameter):  # type: ignore[misc]
    """Every redirect back says whose it is, against mix-ups (RFC 9207)."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        """Our origin."""
        return self._issuer


class Provider(AuthorizationServer):  # type: ignore[misc]
    """The provider of one portal."""

    def __init__(
        self,
        log: Logbook,
        clock: Clock,
        writer: IdTokens,
        backchannel: Backchannel,
        farewells: Farewells,
    ) -> None:
        super().__init__()
        self._database, self._keys = writer.database, writer.keys
        self._log, self._clock, self._writer = log, clock, writer
        self.issuer, self.backchannel, self._farewells = writer.issuer, backchannel, farewells
        bearer = BearerTokenGenerator(_access_token, None, lambda *_: int(ACCESS_LIFE))
        self.register_token_generator("default", bearer)
        self.register_grant(_CodeGrant, [_Challenge(required=True), _IdToken()])
        self.register_grant(KioskGrant)
        known = (self.issuer, *(f"{self.issuer}{path}" for path in (TOKEN, PUSH, BACKCHANNEL)))
        self.register_client_auth_method(BY_KEY, KeyProof(self._database, clock, known))
        self._issuer = _Issuer(self.issuer)
        self._issuer(self)

    def query_client(self, client_id: str) -> Client | None:
        """The application with this id, if any."""
        with self._database.reading() as reading:
            found = registry.find(reading, client_id)
        return Client(found, self._keys) if found else None

    def validate_requested_scope(self, scope: str | None) -> None:
        """Raises InvalidScopeError unless it is OpenID Connect that is asked for."""
        if "openid" not in (scope or "").split():
            raise InvalidScopeError

    def create_oauth2_request(self, request: Asked) -> Asked:
        """The request as it is."""
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(
        self, status: int, body: dict[str, Any] | str, headers: list[tuple[str, str]]
    ) -> Response:
        """What goes back to the browser or the application; a challenge names its realm (RFC 7617 section 2)."""
        text = json.dumps(body) if isinstance(body, dict) else body
        reply = Response(text, status, headers)
        if challenge := reply.headers.get("WWW-Authenticate"):
            reply.headers["WWW-Authenticate"] = challenge.replace("Basic ", REALM, 1)
        return reply

    def with_issuer(self, reply: Response) -> Response:
        """The same reply; a redirect says whose it is."""
        self._issuer.add_issuer_parameter(self, reply)
        return reply

    def save_code(self, code: str, request: Any) -> None:  # noqa: ANN401
        """Write down what was granted."""
        granted, sent, now = request.user, request.payload.data, self._clock()
        row = Code(
            code=self.mark(code),
            application=request.client.client_id,
            redirect=sent["redirect_uri"],
            scope=request.scope,
            nonce=sent.get("nonce", ""),
            challenge=sent["code_challenge"],
            person=granted.person,
            session=granted.session,
            how=granted.how,
            auth_time=granted.auth_time,
            expires=now + CODE_LIFE,
        )
        with self._database.writing() as writing:
            grants.add_code(writing, row)

    def take_code(self, code: str, client: Client) -> _Taken | None:
        """Use a code up."""
        with self._database.writing() as writing:
            taken = grants.take_code(writing, self.mark(code), client.client_id, self._clock())
        if taken is None:
            self._log.note("code refused", application=client.client_id)
        return _Taken(taken) if taken else None

    def person_of(self, code: Code) -> Person | None:
        """The person of this code, while the session lasts in which it was given."""
        with self._database.reading() as reading:
            alive = grants.lives(reading, code.session)
            return admitted(reading, code.person) if alive else None

    def id_token(self, code: Code, person: Person, access: str) -> str:
        """The ID token of this code."""
        return self._writer.write(code, person, access, self._clock())

    def save_token(self, token: dict[str, Any], request: Any) -> None:  # noqa: ANN401
        """Write an access token down under its keyed hash."""
        self.keep_access(token["access_token"], request.authorization_code.code)
        self._farewells.remember(request.client.application, request.authorization_code.code)

    def keep_access(self, access: str, code: Code) -> None:
        """Write an access token down that this code was changed for."""
        row = Access(
            token=self.mark(access),
            origin=code.code,
            application=code.application,
            person=code.person,
            session=code.session,
            scope=code.scope,
            expires=self._clock() + ACCESS_LIFE,
        )
        with self._database.writing() as writing:
            grants.add_access(writing, row)
        said = {"application": code.application, "person": code.person, "how": code.how}
        self._log.note("application served", **said)

    def mark(self, given: str) -> str:
        """The keyed hash under which a code or token is kept."""
        return self._keys.mark("application grant", given)


def _access_token(**about: object) -> str:
    del about
    return secrets.token_urlsafe(32)
