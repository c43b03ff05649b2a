"""The device API but for inbox and answers: thin, every decision is made in the stories. Bodies are signed, capped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from flask import Flask, Response, abort, request

from appliance.core.errors import Refused
from appliance.wire.jose import CAP
from appliance.wire.letters import ENROLMENTS, TOKEN
from appliance.wire.paths import BROKER, FAREWELL, PROFILE, RELAY, RING
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.device_api.problems import problem
from web.login_portal.enrolments import Gone, NotYet, OtherDevice, Unknown, WrongCode
from web.login_portal.passports import LIFE
from web.login_portal.portal import Portal

JOSE, GRANT_TYPE = "application/jose", "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
VERSION, _OPENAPI = "/device/v1", Path(__file__).with_name("openapi.json")
_STATUS = {Unknown: 404, Gone: 410, OtherDevice: 409, NotYet: 409, Refused: 403}


class _Rung(msgspec.Struct, frozen=True):
    """What is read of a gateway's message; the rest of it is not looked at."""

    to: str


@dataclass(frozen=True, slots=True)
class DeviceApi:
    """Enrolments and access tokens."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these addresses in the application."""
        one = f"{ENROLMENTS}/<ticket>"
        app.add_url_rule(one, "offer", self.offer, methods=["GET"])
        app.add_url_rule(f"{one}/device", "card", self.card, methods=["POST"])
        app.add_url_rule(f"{one}/confirm", "confirm", self.confirm, methods=["POST"])
        app.add_url_rule(TOKEN, "token", self.token, methods=["POST"])
        app.add_url_rule(FAREWELL, "farewell", self.farewell, methods=["POST"])
        app.add_url_rule(BROKER, "broker", self.broker, methods=["POST"])
        app.add_url_rule(PROFILE, "profile", self.profile, methods=["POST"])
        app.add_url_rule(RELAY, "relay", self.relay, methods=["POST"])
        app.add_url_rule(RING, "ring", self.ring, methods=["POST"])
        app.add_url_rule(f"{VERSION}/openapi.json", "openapi", _description, methods=["GET"])
        for kind in _STATUS:
            app.register_error_handler(kind, self._refused)

    def offer(self, ticket: str) -> Response:
        """What is offered to whoever scanned this ticket."""
        return Response(self.portal.enrolments.offer(ticket, self._now), content_type=JOSE)

    def card(self, ticket: str) -> Response:
        """The device introduces itself; the confirm code goes out."""
        sent = self.portal.enrolments.show_card(ticket, _body(), self._now)
        return _json(202, sent)

    def confirm(self, ticket: str) -> Response:
        """The confirm code comes back; the grant goes out."""
        try:
            grant = self.portal.enrolments.confirm(ticket, _body(), self._now)
        except WrongCode as wrong:
            return _json(403, wrong.sent)
        return Response(grant, content_type=JOSE)

    def token(self) -> Response:
        """An access token for a signed assertion (RFC 7523 section 2.2)."""
        form = request.form
        if form.get("grant_type") != GRANT_TYPE:
            return problem(400, "This grant is not given here", error="unsupported_grant_type")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return problem(400, "A signed assertion is needed", error="invalid_request")
        try:
            access = self.portal.passports.admit(form.get("client_assertion", ""), self._now)
        except Refused as refused:
            self.portal.log.note("assertion refused", reason=str(refused))
            return problem(401, str(refused), error="invalid_client")
        body = {"access_token": access, "token_type": "Bearer", "expires_in": LIFE}
        if self.portal.config.broker is not None:
            body["carrier"] = "mqtt"
        return Response(msgspec.json.encode(body), content_type="application/json")

    def broker(self) -> Response:
        """Where the broker is and what opens it for this device, for its access token."""
        doors = self.portal.config.broker
        if doors is None:
            return problem(404, "This portal has no broker")
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return problem(401, "An access token is needed")
        try:
            device = self.portal.passports.linked(bearer.strip(), self._now)
        except Refused as refused:
            return problem(401, str(refused))
        access = BrokerIdentity(self.portal.keys).device(device, *doors.devices, self._now)
        return _json(200, access)

    def profile(self) -> Response:
        """How things stand with the token's person, for a signed assertion."""
        return Response(self.portal.profiles.tell(_body(), self._now), content_type=JOSE)

    def relay(self) -> Response:
        """Where another server's gateway may ring for this token, for a signed assertion."""
        return _json(200, self.portal.relay.address(_body(), self._now))

    def ring(self) -> Response:
        """A gateway rings; nothing but the address is read, and nobody is waited for."""
        address = _rung_at(request.get_data()) if request.is_json else request.form.get("to", "")
        if not self.portal.relay.ring(address, self._now):
            return problem(404, "Nobody is waiting here")
        return Response(b"{}", 202, content_type="application/json")

    def farewell(self) -> Response:
        """The token was erased; it counts no longer."""
        self.portal.partings.farewell(_body(), self._now)
        return Response(b"{}", content_type="application/json")

    @property
    def _now(self) -> float:
        return self.portal.clock()

    def _refused(self, error: Exception) -> Response:
        status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        path = request.path.rpartition("/")[2] if status == 403 else ""
        if path:
            self.portal.log.note("device call refused", call=path, reason=str(error))
        return problem(status, str(error))


def _description() -> Response:
    """What this API is, for whoever writes another token."""
    return Response(_OPENAPI.read_bytes(), content_type="application/json")


def _rung_at(untrusted: bytes) -> str:
    """The address in what a gateway sent as JSON; empty when there is none."""
    try:
        return msgspec.json.decode(untrusted, type=_Rung).to
    except (msgspec.DecodeError, RecursionError):
        return ""


def _body() -> str:
    """The request's body as text, if it is small and plain enough to be signed text."""
    raw = request.get_data(cache=False)
    if len(raw) > CAP:
        abort(413)
    if not raw.isascii():
        raise Refused("The letter is not valid")
    return raw.decode("ascii").strip()


def _json(status: int, record: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(record), status, content_type="application/json")
