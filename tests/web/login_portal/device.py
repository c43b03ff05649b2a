"""A token as the portal sees it: real keys, real signed text, driven by the test instead of a person.

Works over anything that can GET and POST like httpx: a real server, or Flask's test client through `InProcess`.
"""

# ruff: noqa: ANN401 (whatever httpx takes, and any claim changed to anything)

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
import msgspec
import pyotp
from flask.testing import FlaskClient
from joserfc.jwk import OKPKey

from appliance.wire import enrolment, letters
from appliance.wire.jose import load, public
from web.login_portal.device_api.answering import Answering


class Wire(Protocol):
    """The two verbs a token needs."""

    def get(self, path: str, **more: Any) -> httpx.Response: ...

    def post(self, path: str, **more: Any) -> httpx.Response: ...


@dataclass(frozen=True)
class InProcess:
    """The wire to a portal in the same process: Flask for everything but answers."""

    client: FlaskClient
    answering: Answering
    origin: str

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self._call("GET", path, more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self._call("POST", path, more)

    def _call(self, verb: str, path: str, more: dict[str, Any]) -> httpx.Response:
        if path == letters.ANSWERS:
            return asyncio.run(self._answered(verb, path, more))
        reply = self.client.open(
            path, method=verb, base_url=self.origin, data=more.get("content", more.get("data"))
        )
        return httpx.Response(reply.status_code, headers=list(reply.headers), content=reply.data)

    async def _answered(self, verb: str, path: str, more: dict[str, Any]) -> httpx.Response:
        way = httpx.ASGITransport(self.answering)
        async with httpx.AsyncClient(transport=way, base_url=self.origin) as http:
            return await http.request(verb, path, **more)


@dataclass
class Device:
    """One token: its keys, and after enrolment its name, its seed and the portal's keys."""

    wire: Wire
    serial: str = "DT-0001"
    signing: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519", private=True))
    agreeing: OKPKey = field(default_factory=lambda: OKPKey.generate_key("X25519", private=True))
    portal: list[OKPKey] = field(default_factory=list)
    grant: enrolment.Grant | None = None
    count: int = 0

    def scan(self, link: str) -> enrolment.Ticket:
        """See the QR and pin the portal's keys."""
        ticket = enrolment.parse_link(link)
        reply = self.wire.get(f"{letters.ENROLMENTS}/{ticket.id}")
        assert reply.status_code == 200, reply.text
        offer = enrolment.open_offer(reply.text, ticket)
        self.portal = [load(key, "Ed25519") for key in offer.keys]
        return ticket

    def show_card(self, ticket: enrolment.Ticket) -> httpx.Response:
        keys = public(self.signing), public(self.agreeing)
        card = enrolment.Card(*keys, self.serial, "test", "plain")
        body = enrolment.seal_card(card, ticket)
        return self.wire.post(f"{letters.ENROLMENTS}/{ticket.id}/device", content=body)

    def confirm(self, ticket: enrolment.Ticket, code: str) -> httpx.Response:
        said = enrolment.Confirmation(ticket.id, code)
        body = enrolment.sign_confirmation(said, self.signing)
        reply = self.wire.post(f"{letters.ENROLMENTS}/{ticket.id}/confirm", content=body)
        if reply.status_code == 200:
            self.grant = enrolment.open_grant(reply.text, self.agreeing, self.portal)
        return reply

    @property
    def id(self) -> str:
        assert self.grant is not None
        return self.grant.device

    def assertion(self, origin: str, now: float, **changed: Any) -> str:
        claims = {
            "iss": self.id,
            "sub": self.id,
            "aud": f"{origin}{letters.TOKEN}",
            "jti": secrets.token_hex(8),
            "iat": now,
            "exp": now + 60,
        }
        return letters.sign_assertion(letters.Assertion(**{**claims, **changed}), self.signing)

    def ask(self, path: str, origin: str, now: float, **changed: Any) -> httpx.Response:
        """Call with an assertion for this very address."""
        claims = {"aud": f"{origin}{path}", **changed}
        return self.wire.post(path, content=self.assertion(origin, now, **claims))

    def ask_access(self, assertion: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        return self.wire.post(letters.TOKEN, data=form)

    def open(self, letter: str) -> letters.Letter:
        return letters.open_letter(letter, self.portal)

    def answer_text(self, letter: str, /, verdict: str, match: str = "", **changed: Any) -> str:
        opened = self.open(letter)
        self.count += 1
        claims = {
            "iss": self.id,
            "aud": opened.iss,
            "jti": opened.jti,
            "letter": letters.letter_hash(letter),
            "verdict": verdict,
            "count": self.count,
            "iat": opened.iat + 3,
            "match": match,
        }
        return letters.sign_answer(letters.Answer(**{**claims, **changed}), self.signing)

    def send(self, answer: str) -> httpx.Response:
        return self.wire.post(letters.ANSWERS, content=answer)

    def answer(self, letter: str, verdict: str, match: str = "", **changed: Any) -> str:
        """Answer and say how the login ended."""
        reply = self.send(self.answer_text(letter, verdict, match, **changed))
        assert reply.status_code == 200, reply.text
        return msgspec.json.decode(reply.content, type=letters.Result).outcome

    def code(self, now: float) -> str:
        """The digits on the panel now."""
        assert self.grant is not None
        return pyotp.TOTP(self.grant.seed.secret).at(int(now))
