"""A portal in a few lines: it makes tickets, offers, grants and letters with the wire's own functions."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import msgspec
from joserfc.jwk import OKPKey

from appliance.core.requests import Outcome
from appliance.wire.carrying import Errand, ErrandDone
from appliance.wire.enrolment import (
    Card,
    Grant,
    Offer,
    OtpSeed,
    Sent,
    Ticket,
    open_card,
    open_confirmation,
    seal_grant,
    seal_offer,
)
from appliance.wire.jose import load, public
from appliance.wire.letters import (
    Answer,
    Assertion,
    Letter,
    Result,
    open_answer,
    open_assertion,
    sign_letter,
)
from appliance.wire.profile import Statement, sign_statement
from tests.authenticator.fakes import WALL

ORIGIN = "https://login.example"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
CODE = "654321"


@dataclass
class Portal:
    """One portal with one person and one device."""

    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519", auto_kid=False))
    ticket: Ticket = field(default_factory=lambda: Ticket(ORIGIN, os.urandom(16)))
    device: str = "dev-1"
    person: str = "jan"
    tries_left: int = 5
    card: Card | None = None
    answers: list[Answer] = field(default_factory=list)
    farewells: list[Assertion] = field(default_factory=list)
    password_until: float | None = None
    issued: float = WALL
    down: bool = False

    def carry(self, errand: Errand) -> ErrandDone:
        """What a courier would bring back."""
        if self.down:
            return ErrandDone(errand.id, trouble="no-network")
        status, body = self._serve(errand)
        return ErrandDone(errand.id, status, body, server_time=WALL)

    def _serve(self, errand: Errand) -> tuple[int, str]:
        path = errand.url.removeprefix(ORIGIN)
        home = f"/device/v1/enrolments/{self.ticket.id}"
        if path == home:
            return 200, seal_offer(self.offer(), self.ticket)
        if path == f"{home}/device":
            self.card = open_card(errand.body, self.ticket)
            return 202, _json(Sent("06-****78", self.tries_left))
        if path == f"{home}/confirm":
            return self._confirm(errand.body)
        if path == "/device/v1/profile":
            said = open_assertion(errand.body, self.device_key)
            assert (said.iss, said.aud) == (self.device, errand.url)
            return 200, self.statement()
        if path == "/device/v1/farewell":
            self.farewells.append(open_assertion(errand.body, self.device_key))
            return 200, "{}"
        if path == "/device/v1/answers":
            answer = open_answer(errand.body, self.device_key)
            self.answers.append(answer)
            outcomes = {"approve": Outcome.APPROVED, "deny": Outcome.DENIED}
            return 200, _json(Result(outcomes.get(answer.verdict, Outcome.REPORTED)))
        return 404, "{}"

    def _confirm(self, body: str) -> tuple[int, str]:
        if open_confirmation(body, self.device_key).code != CODE:
            self.tries_left -= 1
            return 403, _json(Sent("06-****78", self.tries_left))
        assert self.card is not None
        return 200, seal_grant(self.grant(), self.key, load(self.card.agree, "X25519"))

    @property
    def device_key(self) -> OKPKey:
        """The device's public key, once it has sent its card."""
        assert self.card is not None
        return load(self.card.sign, "Ed25519")

    def offer(self, **other: object) -> Offer:
        """What is offered."""
        words = {"person": self.person, "label": "j.jansen", "service": "Rail"}
        base = Offer(**words, origin=ORIGIN, keys=(public(self.key),), expires=WALL + 600)
        return msgspec.structs.replace(base, **other)

    def grant(self, **other: object) -> Grant:
        """What is granted."""
        base = Grant(self.device, self.person, "j.jansen", "Rail", OtpSeed(SEED))
        return msgspec.structs.replace(base, **other)

    def statement(self, **other: object) -> str:
        """What is said of the person."""
        base = Statement(
            ORIGIN, self.device, self.person, "j.jansen", self.password_until, self.issued
        )
        return sign_statement(msgspec.structs.replace(base, **other), self.key)

    def letter(self, **other: object) -> str:
        """A letter of this portal, a login unless told otherwise."""
        base = Letter(
            iss=ORIGIN,
            aud=self.device,
            jti=os.urandom(8).hex(),
            iat=WALL,
            exp=WALL + 120,
            kind="login",
            person=self.person,
            service="Roster",
            origin=ORIGIN,
            place="Utrecht",
        )
        return sign_letter(msgspec.structs.replace(base, **other), self.key)


def _json(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()
