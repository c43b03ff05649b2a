"""What applications ask themselves, without a browser and without cookies.

These are discovery, keys, tokens, userinfo, pushed requests and a kiosk's sign-ins.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError
from flask import Flask, Response, jsonify, request

from web.login_portal.applications.metadata import (
    BACKCHANNEL,
    DISCOVERY,
    JWKS,
    PUSH,
    TOKEN,
    USERINFO,
    metadata,
)
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import place_of


@dataclass(frozen=True, slots=True)
class OpenIdApi:
    """The addresses of the discovery document."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these addresses in the application."""
        app.add_url_rule(DISCOVERY, "discovery", self.describe, methods=["GET"])
        app.add_url_rule(JWKS, "jwks", self.keys, methods=["GET"])
        app.add_url_rule(TOKEN, "openid_token", self.token, methods=["POST"])
        app.add_url_rule(USERINFO, "userinfo", self.userinfo, methods=["GET", "POST"])
        app.add_url_rule(BACKCHANNEL, "backchannel", self.kiosk, methods=["POST"])
        app.add_url_rule(PUSH, "push", self.push, methods=["POST"])

    def describe(self) -> Response:
        """Everything a client needs to know."""
        return jsonify(metadata(self.portal.config.origin.url))

    def keys(self) -> Response:
        """What ID tokens are checked with."""
        return jsonify(keys=self.portal.applications.signing.published(self.portal.clock()))

    def token(self) -> Response:
        """A code, or a kiosk's finished request, for tokens."""
        if (wrong := self._malformed()) is not None:
            return wrong
        return self.portal.applications.token(request.form.to_dict(), dict(request.headers))

    def kiosk(self) -> Response:
        """A kiosk starts a sign-in."""
        if (wrong := self._malformed()) is not None:
            return wrong
        place = place_of(request.remote_addr or "", self.portal.config.places)
        sent, headers = request.form.to_dict(), dict(request.headers)
        return self.portal.applications.kiosk(sent, headers, place)

    def push(self) -> Response:
        """An application pushes a request ahead of its browser."""
        if (wrong := self._malformed()) is not None:
            return wrong
        sent, headers = request.form.to_dict(), dict(request.headers)
        return self.portal.applications.push(sent, headers, request.remote_addr or "")

    def userinfo(self) -> Response:
        """Whom an access token is about."""
        scheme, _, access = request.headers.get("Authorization", "").partition(" ")
        known = access.isascii() and scheme.lower() == "bearer"
        found = self.portal.applications.userinfo(access.strip()) if known else None
        if found is None:
            refused = Response(status=401)
            error = ' error="invalid_token"' if known else ""
            refused.headers["WWW-Authenticate"] = f"Bearer{error}"
            return refused
        return jsonify(found)

    def _malformed(self) -> Response | None:
        """What no grant should see: a name twice, credentials that are no text, or two (RFC 6749 section 2.3)."""
        sent, given = request.headers.get("Authorization", ""), request.authorization
        if sent.lower().startswith("basic") and not (given and given.username):
            return self.portal.applications.refuse(InvalidClientError(status_code=401))
        form = request.form
        if any(len(values) > 1 for values in form.listvalues()):
            return self.portal.applications.refuse(InvalidRequestError("Wrong form"))
        ways = (bool(sent), "client_secret" in form, "client_assertion" in form)
        # both halves are form-encoded before they are joined (RFC 6749 section 2.3.1)
        named = unquote(given.username or "") if given else ""
        somebody_else = given and form.get("client_id", named) != named
        if sum(ways) > 1 or somebody_else:
            twice = InvalidRequestError("An application proves itself once, in one way")
            return self.portal.applications.refuse(twice)
        return None
