"""The first factor. Unknown names and wrong passwords take the same road: same text, same time, same delay.

Sources: RFC 9106 (Argon2id) with OWASP's parameters; checklist rows 6 and 7; ASVS 5.0 section 6.3.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from web.login_portal import locks, people, strikes
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.people import Person
from web.login_portal.rules.addresses import place_of
from web.login_portal.rules.locking import evidence, locks_now
from web.login_portal.rules.names import LONGEST_PASSWORD, login_name
from web.login_portal.store.database import Database, Writing

AT_ONCE = 4
Places = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Tried:
    """One try: the account and the pair of account and source as keyed hashes, and the source's address."""

    account: str
    strike: str
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The person when the password was right; else how long to wait before the next try is heard.

    `locked` is the keyed hash of a locked account's name, whatever the password was; `fresh` when this try locked it.
    """

    person: Person | None
    wait: int = 0
    locked: str = ""
    fresh: bool = False


class Passwords:
    """Checks and makes passwords; at most four hashes at once, so that a flood cannot eat the memory."""

    def __init__(self, database: Database, keys: Keys, log: Logbook, places: Places) -> None:
        self._database, self._keys, self._log, self._places = database, keys, log, places
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
        """Whether this name and password belong together; delays are counted per name and source, locks per name."""
        account = self.account(untrusted_name)
        tried = _Tried(account, self._keys.mark("strikes", f"password|{account}|{source}"), source)
        with self._database.writing() as writing:
            person = people.named(writing.connection, untrusted_name)
            wait = self._begin(writing, tried, now)
        if wait:
            return Judged(None, wait)
        fits = self._fits(person.password if person else self._nobody, untrusted_password)
        with self._database.writing() as writing:
            if locks.find(writing.connection, account):
                return Judged(None, locked=account)
            if fits and person:
                strikes.clear(writing, tried.strike)
                locks.forget_misses(writing, account)
                return Judged(person)
            if self._locks(writing, tried, person, now):
                return Judged(None, locked=account, fresh=True)
            return Judged(
                None, strikes.standing(writing.connection, tried.strike).seconds_left(now)
            )

    def account(self, untrusted_name: str) -> str:
        """What an account is called in the tables of mistakes and locks."""
        return self._keys.mark("account", login_name(untrusted_name))

    def _begin(self, writing: Writing, tried: _Tried, now: float) -> int:
        """Seconds to wait; else the try is counted before it is judged, unless the account is locked anyway."""
        if locks.find(writing.connection, tried.account):
            return 0
        before = strikes.standing(writing.connection, tried.strike)
        if before.seconds_left(now) == 0:
            strikes.add(writing, tried.strike, now)
        return before.seconds_left(now)

    def _locks(self, writing: Writing, tried: _Tried, person: Person | None, now: float) -> bool:
        """Count a wrong password; whether it was the one that locks the account."""
        place = place_of(tried.source, self._places)
        missed = locks.add_miss(writing, tried.account, tried.strike, place, now)
        source = self._keys.mark("source", tried.source)
        if not locks_now(len(missed), locks.locked_by(writing.connection, source, now)):
            return False
        whose, note = person.id if person else "", evidence(missed)
        locks.add(writing, locks.Lock(tried.account, whose, now, source, note, "", None))
        known = whose or "nobody"
        writing.afterwards.append(
            lambda: self._log.note("account locked", person=known, source=tried.source)
        )
        return True

    def _fits(self, stored: str, untrusted_password: str) -> bool:
        with self._seats:
            try:
                return self._hasher.verify(stored, untrusted_password[: LONGEST_PASSWORD + 1])
            except (VerificationError, InvalidHashError):
                return False
