"""The story of a locked account: what its tokens are asked, and what the locked page may tell.

Whoever only gave wrong passwords learns the same of a name that exists and of one that does not. Nobody answering
leaves the account locked; "not me" shuts the way until the service desk opens it. Source: checklist rows 6, 7 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from web.login_portal import audit, locks, people, quiet, requests
from web.login_portal.locks import Lock
from web.login_portal.rules.delays import UNLOCK_WINDOW, prompt_wait
from web.login_portal.rules.outcomes import SignIn, question
from web.login_portal.sign_ins import UNLOCK, SignIns
from web.login_portal.store.database import Writing


@dataclass(frozen=True, slots=True)
class Standing:
    """How a locked account stands: `open` (asked), `silent` (may be asked again), `reported` or `unlocked`.

    `left` is the seconds in which the open request can be answered.
    """

    word: str
    left: int = 0


@dataclass(frozen=True, slots=True)
class Unlocks:
    """Asks tokens to unlock."""

    sign_ins: SignIns

    def look(self, account: str, now: float) -> Standing:
        """How this account stands now."""
        with self.sign_ins.database.reading() as reading:
            lock = locks.find(reading, account)
            if lock is None:
                return Standing("unlocked")
            if lock.reported is not None:
                return Standing("reported")
            asked = _open_request(reading, lock, now)
        return Standing("open", asked.seconds_left(now)) if asked else Standing("silent")

    def ask(self, account: str, now: float) -> int:
        """Ask the tokens of this account, unless they are being asked; 0, or the seconds to wait before it."""
        with self.sign_ins.database.writing() as writing:
            lock = locks.find(writing.connection, account)
            if lock is None or lock.reported is not None:
                return 0
            if _open_request(writing.connection, lock, now):
                return 0
            wait = self._wait(writing, lock.asked_of, now)
            if not wait:
                self._ask(writing, lock, now)
        return wait

    def lift(self, account: str, by: str = audit.PORTAL) -> bool:
        """The service desk unlocks; False when there was no lock."""
        with self.sign_ins.database.writing() as writing:
            lock = locks.find(writing.connection, account)
            person = people.with_id(writing.connection, lock.person) if lock else None
            if person:
                at = self.sign_ins.clock()
                audit.add(writing, by, "account unlocked", at, whom=person.name)
            return locks.lift(writing, account)

    def _wait(self, writing: Writing, person: str, now: float) -> int:
        """Seconds until this person may be asked: after peace, three unlock requests an hour, three of all sorts."""
        if peace := quiet.until(writing.connection, person, now):
            return int(peace - now + 0.999)
        lately = requests.unlocks(writing.connection, person, now)
        return prompt_wait(lately, now, UNLOCK_WINDOW) or self.sign_ins.wait(writing, person, now)

    def _ask(self, writing: Writing, lock: Lock, now: float) -> None:
        request, service = requests.new_id(), self.sign_ins.service
        asked = question(request, lock.asked_of, service, now, asks=UNLOCK, note=lock.note)
        requests.add(writing, asked)
        locks.asked(writing, lock.account, request)
        person = people.with_id(writing.connection, lock.person)
        if person is not None:
            self.sign_ins.ask(writing, asked, person, now)


def _open_request(reading: Connection, lock: Lock, now: float) -> SignIn | None:
    asked = requests.with_id(reading, lock.request) if lock.request else None
    return asked if asked is not None and asked.outcome_at(now) is None else None
