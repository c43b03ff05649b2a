"""The keys that ID tokens are signed with: RSA, sealed at rest, changed by themselves.

A new key is published a day before it signs, and an old one stays published a week after, so that no application is
surprised. RS256 because every client must know it (OpenID Connect Core 1.0 section 15.1).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import Connection, delete, insert, select

from web.login_portal.keys import Keys
from web.login_portal.store.application_tables import application_keys
from web.login_portal.store.database import Database, Writing

ALGORITHM, BITS = "RS256", 2048
GOOD_FOR, ANNOUNCED, KEPT = 90 * 86400.0, 86400.0, 7 * 86400.0


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Signs, and publishes what signatures are checked with."""

    database: Database
    keys: Keys

    def sign(self, claims: dict[str, Any], now: float, kind: str = "JWT") -> str:
        """These claims as a signed JWT of this type, under the key whose turn it is."""
        name, key = self._current(now)
        head = {"alg": ALGORITHM, "kid": name, "typ": kind}
        return jwt.encode(head, claims, key, [ALGORITHM])

    def read(self, untrusted: str) -> dict[str, Any] | None:
        """The claims of an ID token that we signed ourselves, be it expired; None when we did not."""
        with self.database.reading() as reading:
            published = _published(reading)
        try:
            public = KeySet.import_key_set({"keys": published})
            found = jwt.decode(untrusted, public, [ALGORITHM])
        except (JoseError, ValueError, TypeError):
            return None
        return dict(found.claims) if found.header.get("typ") == "JWT" else None

    def published(self, now: float) -> list[dict[str, Any]]:
        """The public keys, with the coming and the last one."""
        self._current(now)
        with self.database.reading() as reading:
            return _published(reading)

    def turn(self, now: float) -> None:
        """Announce a successor when the newest key gets old, and forget those that nobody needs."""
        with self.database.writing() as writing:
            self._turn(writing, now)

    def renew(self, now: float) -> None:
        """Announce a successor now, whatever the age of the newest."""
        fresh = self._make(now + ANNOUNCED)
        with self.database.writing() as writing:
            writing.execute(insert(application_keys).values(**fresh))

    def _current(self, now: float) -> tuple[str, RSAKey]:
        with self.database.reading() as reading:
            row = _signs_at(reading, now)
        if row is None:
            fresh = self._make(now)
            with self.database.writing() as writing:
                row = _signs_at(writing.connection, now)
                if row is None:
                    writing.execute(insert(application_keys).values(**fresh))
                    row = _signs_at(writing.connection, now)
        private = self.keys.open(row.sealed, f"application_keys:{row.id}")
        return row.id, RSAKey.import_key(json.loads(private))

    def _turn(self, writing: Writing, now: float) -> None:
        rows = _all(writing.connection)
        if rows and rows[0].signs_from < now - GOOD_FOR + ANNOUNCED:
            writing.execute(insert(application_keys).values(**self._make(now + ANNOUNCED)))
        begun = [row for row in rows if row.signs_from <= now]
        for successor, old in pairwise(begun):
            if successor.signs_from < now - KEPT:
                writing.execute(delete(application_keys).where(application_keys.c.id == old.id))

    def _make(self, signs_from: float) -> dict[str, Any]:
        key, name = RSAKey.generate_key(BITS, private=True), secrets.token_urlsafe(9)
        private = json.dumps(key.as_dict(private=True)).encode()
        public = {**key.as_dict(private=False), "kid": name, "use": "sig", "alg": ALGORITHM}
        sealed = self.keys.seal(private, f"application_keys:{name}")
        about = {"id": name, "sealed": sealed, "public": json.dumps(public)}
        return {**about, "signs_from": signs_from}


def _all(reading: Connection) -> list[Any]:
    """Newest first."""
    wanted = select(application_keys).order_by(application_keys.c.signs_from.desc())
    return list(reading.execute(wanted))


def _signs_at(reading: Connection, now: float) -> Any:  # noqa: ANN401 (a row)
    begun = (row for row in _all(reading) if row.signs_from <= now)
    return next(begun, None)


def _published(reading: Connection) -> list[dict[str, Any]]:
    return [json.loads(row.public) for row in _all(reading)]
