"""What this device signs: the person's answer to a letter that was shown, and the courier's passport of fixed form.

The answer's counter is durable before the signature exists. Nothing else is ever signed with the device's key, and
nobody can ask for a signature over words of their own.
"""

from __future__ import annotations

import base64
import os

import msgspec
from joserfc.jwk import OKPKey

from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, errand
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_records import Kept, key_of
from appliance.core.clock_trust import Now, Opinion
from appliance.core.effects import Sign
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import AnswerStuck, Event, RequestEnded
from appliance.core.requests import Outcome
from appliance.core.troubles import Trouble
from appliance.wire.letters import (
    ANSWERS,
    TOKEN,
    Answer,
    Assertion,
    Result,
    sign_answer,
    sign_assertion,
)

PATIENCE, PASSPORT_LIFE, TOLERANCE = 30.0, 60.0, 60.0


class Signing:
    """Signs, and understands what the portal says to it. One thread uses it."""

    def __init__(
        self, vault: Vault, letters: Letters, errands: Errands, software: str = ""
    ) -> None:
        self._vault = vault
        self._software = software
        self._letters = letters
        self._errands = errands
        self._heard: dict[str, Opinion] = {}
        self.opinion: Opinion | None = None

    def heard(self, account: str, server_time: float, now: Now) -> None:
        """The portal's clock in Unix seconds, as the carrier tells it: for doubt, and the times in our letters."""
        if server_time > 0:
            self.opinion = self._heard[account] = Opinion(server_time, now.monotonic)

    def answer(self, effect: Sign, now: Now) -> tuple[Event, ...]:
        """Sign the answer and send it on its way."""
        request = effect.request
        waiting = self._letters.awaiting(request.id)
        if waiting is None or waiting.account != request.account:
            return (RequestEnded(request.id, Outcome.EXPIRED),)
        try:
            kept = self._vault.kept(waiting.account)
            count = self._letters.count_answer(request.id, waiting)
        except StorageTrouble:
            return (AnswerStuck(request.id, Trouble.STORAGE),)
        answer = Answer(
            iss=kept.device,
            aud=kept.origin,
            jti=request.id,
            letter=waiting.letter,
            verdict=effect.verdict.value,
            count=count,
            iat=self._time_of(kept.id, now),
            match=effect.match,
        )
        signed = sign_answer(answer, _key(kept))
        patience = min(PATIENCE, max(1.0, waiting.deadline - now.monotonic))
        post = errand("POST", kept.origin + ANSWERS, signed)
        self._errands.send(Purpose(Matter.ANSWER, request.id), post, now.monotonic, patience)
        return ()

    def answered(self, carried: Carried, now: Now) -> tuple[Event, ...]:  # noqa: ARG002 - as every service
        """What the portal made of an answer."""
        request = carried.purpose.subject
        self._letters.close(request)
        if carried.trouble is not None:
            return (AnswerStuck(request, carried.trouble),)
        if carried.status == 200:
            return _told(request, carried.body)
        return (RequestEnded(request, Outcome.REFUSED),)

    def passport(self, account: str, server_time: float, now: Now) -> str:
        """A client assertion for this account's portal (RFC 7523 section 3). Raises Refused for an unknown account."""
        self.heard(account, server_time, now)
        return self.proof(account, TOKEN, now)

    def proof(self, account: str, path: str, now: Now) -> str:
        """Who this device is, for one address of this account's portal. Raises Refused, StorageTrouble."""
        kept = self._vault.kept(account)
        issued = self._time_of(account, now)
        assertion = Assertion(
            iss=kept.device,
            sub=kept.device,
            aud=kept.origin + path,
            jti=base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode(),
            iat=issued,
            exp=issued + PASSPORT_LIFE,
            software=self._software,
            storage=self._vault.level,
            clock=now.trust.value,
        )
        return sign_assertion(assertion, _key(kept))

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._heard.clear()
        self.opinion = None

    def _time_of(self, account: str, now: Now) -> float:
        """The time as this account's portal will read it: ours, unless its own is known to be far away."""
        opinion = self._heard.get(account)
        ahead = opinion.ahead(now) if opinion else 0.0
        return now.wall + (ahead if abs(ahead) > TOLERANCE else 0.0)


def _key(kept: Kept) -> OKPKey:
    if kept.sign is None:
        raise Refused("This account cannot sign")
    return key_of(kept.sign)


def _told(request: str, untrusted: str) -> tuple[Event, ...]:
    try:
        outcome = Outcome(msgspec.json.decode(untrusted, type=Result).outcome)
    except (ValueError, msgspec.DecodeError, RecursionError):
        return (AnswerStuck(request, Trouble.PORTAL_DOWN),)
    return (RequestEnded(request, outcome),)
