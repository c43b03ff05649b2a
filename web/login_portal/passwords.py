"""The first factor. Unknown names and wrong passwords take the same road: same text, same time, same delay.

Sources: RFC 9106 (Argon2id) with OWASP's parameters; checklist rows 6 and 7; ASVS 5.0 section 6.3.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from web.login_portal import people, strikes
from web.login_portal.keys import Keys
from web.login_portal.people import Person
from web.login_portal.rules.names import LONGEST_PASSWORD, login_name
from web.login_portal.store.database import Database

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """The person when the password was right; else how long to wait before the next try is heard."""

    person: Person | None
    wait: int = 0


class Passwords:
    """Checks and makes passwords; at most four hashes at once, so that a flood cannot eat the memory."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        self._seats = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """The password as it is stored."""
        with self._seats:
            return self._hasher.hash(password)

    def judge(
        self, untrusted_name: str, untrusted_password: str, source: str, now: float
    ) -> Judged:
        """Whether this name and password belong together; counted per name and source."""
        key = self._keys.mark("strikes", f"password|{login_name(untrusted_name)}|{source}")
        with self._database.writing() as writing:
            before = strikes.standing(writing.connection, key)
            if before.seconds_left(now) > 0:
                return Judged(None, before.seconds_left(now))
            person = people.named(writing.connection, untrusted_name)
            after = strikes.add(writing, key, now)
        if (
            not self._fits(person.password if person else self._nobody, untrusted_password)
            or not person
        ):
            return Judged(None, after.seconds_left(now))
        with self._database.writing() as writing:
            strikes.clear(writing, key)
        return Judged(person)

    def _fits(self, stored: str, untrusted_password: str) -> bool:
        with self._seats:
            try:
                return self._hasher.verify(stored, untrusted_password[: LONGEST_PASSWORD + 1])
            except (VerificationError, InvalidHashError):
                return False
