"""How a device proves itself for its inbox: a signed assertion, once, for an access token of an hour.

Sources: RFC 7523 section 3, RFC 6750; the access token is signed text of our own and names only the device.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from appliance.core.errors import Refused
from appliance.wire.jose import open_signed, sign
from appliance.wire.letters import TOKEN, Assertion, claimed_sender, open_assertion
from web.login_portal import inbox as letters_at_rest
from web.login_portal import token_states, tokens
from web.login_portal.keys import Keys
from web.login_portal.store.database import Database, Writing
from web.login_portal.store.schema import assertions
from web.login_portal.tokens import Token

LIFE = 3600
LONGEST_ASSERTION = 120.0
SKEW = 300.0
KIND = "desk-bearer+jwt"


class Bearer(msgspec.Struct, frozen=True):
    """What an access token says."""

    device: str
    exp: float


@dataclass(frozen=True, slots=True)
class Passports:
    """Gives and checks access tokens."""

    database: Database
    keys: Keys
    origin: str

    def admit(self, untrusted: str, now: float) -> str:
        """An access token for the device that signed this assertion. Raises Refused.

        A revoked one may get it too: all that it opens is the letter that says so.
        """
        with self.database.writing() as writing:
            token = self._heard(writing, claimed_sender(untrusted), now)
            said = open_assertion(untrusted, token.key)
            self._check(said, token.id, now)
            about = {"software": said.software, "storage": said.storage, "clock": said.clock}
            token_states.heard(writing, token.id, now, **about)
            writing.execute(delete(assertions).where(assertions.c.expires < now))
            row = {"device": token.id, "jti": said.jti, "expires": said.exp + SKEW}
            try:
                writing.execute(insert(assertions).values(**row))
            except IntegrityError as used:
                raise Refused("This assertion was used before") from used
        bearer = Bearer(token.id, now + LIFE)
        return sign(msgspec.json.encode(bearer), self.keys.bearer, "HS256", KIND)

    def _heard(self, writing: Writing, name: str, now: float) -> Token:
        """The token of this name if it is linked, or revoked with a last letter that waits for it. Raises Refused."""
        reading = writing.connection
        token = tokens.with_id(reading, name)
        if token is None and letters_at_rest.parting(reading, name, 0, now):
            token = tokens.ever(reading, name)
        if token is None:
            raise Refused("This token is not linked")
        return token

    def prove(self, untrusted: str, path: str, now: float) -> Token:
        """The linked token that signed this assertion for this very address. Raises Refused.

        It may be shown again while it lives: what it opens does the same when done twice.
        """
        with self.database.reading() as reading:
            token = tokens.with_id(reading, claimed_sender(untrusted))
        if token is None:
            raise Refused("This token is not linked")
        self._check(open_assertion(untrusted, token.key), token.id, now, path)
        return token

    def holder(self, untrusted: str, now: float) -> str:
        """The device that holds this access token. Raises Refused; revocation is checked by the reader."""
        bearer = open_signed(untrusted, [self.keys.bearer], "HS256", KIND, Bearer)
        if bearer.exp <= now:
            raise Refused("The access token has expired")
        return bearer.device

    def linked(self, untrusted: str, now: float) -> str:
        """The device that holds this access token, if it is linked still. Raises Refused."""
        device = self.holder(untrusted, now)
        with self.database.reading() as reading:
            if tokens.with_id(reading, device) is None:
                raise Refused("This token is not linked")
        return device

    def _check(self, said: Assertion, device: str, now: float, path: str = TOKEN) -> None:
        if not said.iss == said.sub == device or said.aud != f"{self.origin}{path}":
            raise Refused("This assertion is for somebody else")
        if not 0 < said.exp - said.iat <= LONGEST_ASSERTION or not 0 < len(said.jti) <= 128:
            raise Refused("This assertion has the wrong form")
        if not said.iat - SKEW <= now < said.exp + SKEW:
            raise Refused("The token's clock is too far from the portal's")
