"""Argon2id with at most four hashes at once, so that a flood cannot eat the memory. Source: RFC 9106, OWASP."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from web.login_portal.rules.names import LONGEST_PASSWORD

AT_ONCE = 4


class Hasher:
    """Makes and checks stored passwords."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        self._seats = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """The password as it is stored."""
        with self._seats:
            return self._hasher.hash(password)

    def fits(self, stored: str, untrusted_password: str) -> bool:
        """Whether this is the password; False for a stored form that no password has."""
        with self._seats:
            try:
                return self._hasher.verify(stored, untrusted_password[: LONGEST_PASSWORD + 1])
            except (VerificationError, InvalidHashError):
                return False

    def spend(self, untrusted_password: str) -> None:
        """Take the time of one check, for a name that has nothing to check against."""
        self.fits(self._nobody, untrusted_password)
