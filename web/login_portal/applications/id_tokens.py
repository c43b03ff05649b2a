"""What an application is told of a person: the claims of the ID token and of the userinfo reply.

Source: OpenID Connect Core 1.0 sections 2, 3.1.3.6 and 5.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from web.login_portal.applications.grants import Code, passkeys_bound, storage_levels
from web.login_portal.applications.signing_keys import SigningKeys
from web.login_portal.keys import Keys
from web.login_portal.people import Person
from web.login_portal.rules import approval
from web.login_portal.store.database import Database

LIFE = 300
SCOPES = ("openid", "profile")


@dataclass(frozen=True, slots=True)
class IdTokens:
    """Writes ID tokens."""

    database: Database
    keys: Keys
    signing: SigningKeys
    issuer: str

    def write(self, code: Code, person: Person, access: str, now: float) -> str:
        """The signed ID token for what this code stands for."""
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": code.application,
            "iat": int(now),
            "exp": int(now) + LIFE,
            "auth_time": int(code.auth_time),
            "acr": approval.acr(code.how),
            "amr": self._amr(code),
            "at_hash": _half_hash(access),
        }
        claims |= {"nonce": code.nonce} if code.nonce else {}
        claims |= {"sid": self.sid(code.session)} if code.session else {}
        return self.signing.sign(claims | about(person, code.scope), now)

    def sid(self, session: str) -> str:
        """The name of a session that applications may know."""
        return self.keys.mark("sid", session)

    def _amr(self, code: Code) -> list[str]:
        with self.database.reading() as reading:
            if code.how == approval.PASSKEY:
                key = "hwk" if passkeys_bound(reading, code.person) else "swk"
            else:
                key = approval.kept_in(storage_levels(reading, code.person))
        return approval.amr(code.how, key, password=bool(code.session))


def about(person: Person, scope: str) -> dict[str, str]:
    """Who it is, and with the scope `profile` what they are called."""
    named = {"name": person.display, "preferred_username": person.name}
    return {"sub": person.id, **(named if "profile" in scope.split() else {})}


def _half_hash(text: str) -> str:
    half = hashlib.sha256(text.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
