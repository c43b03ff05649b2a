"""How an application proves itself with its own key: an assertion that it signed for us, once.

Sources: RFC 7523 section 3; OpenID Connect Core 1.0 section 9 (private_key_jwt).
"""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from web.login_portal.applications.asking import BY_KEY, Client
from web.login_portal.clock import Clock
from web.login_portal.rules.application_keys import checking_key
from web.login_portal.store.database import Database
from web.login_portal.store.schema import assertions

SKEW, LONGEST_LIFE, LONGEST_NAME = 60.0, 600.0, 128


class KeyProof(JWTBearerClientAssertion):  # type: ignore[misc]
    """Checks assertions, and remembers each until it is too old to matter."""

    CLIENT_AUTH_METHOD = BY_KEY

    def __init__(self, database: Database, clock: Clock, audiences: tuple[str, ...]) -> None:
        super().__init__()
        self._database, self._clock, self._audiences = database, clock, audiences

    def resolve_client_public_key(self, client: Client) -> RSAKey | ECKey:
        """The key that was registered. Raises InvalidClientError without one."""
        if not client.application.public_key:
            raise InvalidClientError("This application has no key here")
        return checking_key(client.application.public_key)

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """Whether a well signed assertion is for us, now, and new. Raises InvalidClientError."""
        whose, name = claims.get("sub"), claims.get("jti")
        aimed = claims.get("aud")
        meant = aimed if isinstance(aimed, list) else [aimed]
        if claims.get("iss") != whose or not any(one in self._audiences for one in meant):
            raise InvalidClientError("This assertion is for somebody else")
        ends, now = claims.get("exp"), self._clock()
        if isinstance(ends, bool) or not isinstance(ends, int | float):
            raise InvalidClientError("This assertion does not say when it ends")
        if not now - SKEW < ends <= now + LONGEST_LIFE + SKEW:
            raise InvalidClientError("This assertion is too old, or good for more than ten minutes")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
            raise InvalidClientError("This assertion has no jti")
        self._use_up(str(whose), name, ends + SKEW)

    def _use_up(self, application: str, name: str, until: float) -> None:
        row = {"device": application, "jti": name, "expires": until}
        with self._database.writing() as writing:
            try:
                writing.execute(insert(assertions).values(**row))
            except IntegrityError as used:
                raise InvalidClientError("This assertion was used before") from used
