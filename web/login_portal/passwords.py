"""The first factor. Unknown names and wrong passwords take the same road: same text, same time, same delay.

Sources: RFC 9106 (Argon2id) with OWASP's parameters; checklist rows 6 and 7; ASVS 5.0 section 6.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from web.login_portal import audit, locks, particulars, people, reports, strikes
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.people import Person
from web.login_portal.rules.addresses import place_of
from web.login_portal.rules.delays import SOURCE_FREE_TRIES
from web.login_portal.rules.locking import evidence, locks_now
from web.login_portal.rules.names import login_name
from web.login_portal.sources.hashing import Hasher
from web.login_portal.sources.verdicts import Source, SourceGone, Verdict, Word
from web.login_portal.store.database import Database, Writing

Places = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Tried:
    """One try: the account, the pair of account and source, and the source alone as keyed hashes; its address."""

    account: str
    strike: str
    here: str
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The person when the password was right; else how long to wait before the next try is heard.

    `locked` is the keyed hash of a locked account's name, whatever the password was; `fresh` when this try locked it.
    `refused` is why a right password opens nothing (`disabled`, `expired`, `blocked`), or `gone` for no answer at all.
    """

    person: Person | None
    wait: int = 0
    locked: str = ""
    fresh: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Checks passwords by their source, and counts what went wrong."""

    database: Database
    keys: Keys
    log: Logbook
    places: Places
    source: Source
    hasher: Hasher

    def hash(self, password: str) -> str:
        """The password as it is stored."""
        return self.hasher.hash(password)

    def judge(
        self,
        untrusted_name: str,
        untrusted_password: str,
        source: str,
        now: float,
        browser: str = "",
    ) -> Judged:
        """Whether this name and password belong together.

        Delays are counted per name and source and, for a `browser` that nobody here knows, per source; locks per name.
        """
        account = self.account(untrusted_name)
        pair = self.keys.mark("strikes", f"password|{account}|{source}")
        here = self.keys.mark("strikes", f"here|{browser or source}")
        tried = _Tried(account, pair, here, source)
        with self.database.writing() as writing:
            closed = locks.find(writing.connection, account) is not None
            wait = 0 if closed else self._begin(writing, tried, now)
        if wait:
            return Judged(None, wait)
        if closed:
            self.hasher.spend(untrusted_password)
            return Judged(None, locked=account)
        try:
            verdict = self.source.judge(untrusted_name, untrusted_password)
        except SourceGone as gone:
            return self._unheard(tried, gone)
        with self.database.writing() as writing:
            return self._concluded(writing, tried, untrusted_name, verdict, now)

    def account(self, untrusted_name: str) -> str:
        """What an account is called in the tables of mistakes and locks."""
        return self.keys.mark("account", login_name(untrusted_name))

    def _begin(self, writing: Writing, tried: _Tried, now: float) -> int:
        """Seconds to wait; else the try is counted before it is judged."""
        here = strikes.standing(writing.connection, tried.here).seconds_left(now)
        wait = max(here, strikes.standing(writing.connection, tried.strike).seconds_left(now))
        if not wait:
            strikes.add(writing, tried.strike, now)
        return wait

    def _unheard(self, tried: _Tried, gone: SourceGone) -> Judged:
        """The source did not answer: nobody's mistake, so nothing stays counted."""
        self.log.note("passwords not judged", reason=str(gone))
        with self.database.writing() as writing:
            strikes.forgive(writing, tried.strike)
        return Judged(None, refused="gone")

    def _concluded(
        self, writing: Writing, tried: _Tried, untrusted_name: str, verdict: Verdict, now: float
    ) -> Judged:
        # counted by the one name that a directory has for many
        name = verdict.name or untrusted_name
        tried = replace(tried, account=self.account(name))
        if locks.find(writing.connection, tried.account):
            return Judged(None, locked=tried.account)
        if verdict.word is Word.LOCKED:
            self.log.note(
                "password not heard", source=tried.source, reason="locked in the directory"
            )
        if verdict.word in (Word.WRONG, Word.LOCKED):
            return self._missed(writing, tried, people.named(writing.connection, name), now)
        strikes.clear(writing, tried.strike)
        locks.forget_misses(writing, tried.account)
        if verdict.known is None:
            return Judged(None, refused=verdict.word.value)
        seen = people.seen_outside(writing, verdict.known, now) if verdict.outside else None
        person = seen or people.named(writing.connection, untrusted_name)
        if person and particulars.of(writing.connection, person.id).blocked is not None:
            return Judged(None, refused="blocked")
        return Judged(person)

    def _missed(self, writing: Writing, tried: _Tried, person: Person | None, now: float) -> Judged:
        """Count a wrong password, for the account and for the source; it may be the one that locks."""
        here = strikes.add_here(writing, tried.here, now)
        if here.fails == SOURCE_FREE_TRIES:
            place = place_of(tried.source, self.places)
            reports.add(writing, "guessing", now, note=place)
        if self._locks(writing, tried, person, now):
            return Judged(None, locked=tried.account, fresh=True)
        left = strikes.standing(writing.connection, tried.strike).seconds_left(now)
        return Judged(None, max(left, here.seconds_left(now)))

    def _locks(self, writing: Writing, tried: _Tried, person: Person | None, now: float) -> bool:
        """Whether this wrong password locks the account."""
        place = place_of(tried.source, self.places)
        missed = locks.add_miss(writing, tried.account, tried.strike, place, now)
        source = self.keys.mark("source", tried.source)
        if not locks_now(len(missed), locks.locked_by(writing.connection, source, now)):
            return False
        whose, note = person.id if person else "", evidence(missed)
        locks.add(writing, locks.Lock(tried.account, whose, now, source, note, "", None))
        if person:
            reports.add(writing, "locked", now, person=whose, note=note)
            audit.add(writing, audit.PORTAL, "account locked", now, whom=person.name, note=note)
        known = whose or "nobody"
        writing.afterwards.append(
            lambda: self.log.note("account locked", person=known, source=tried.source)
        )
        return True
