"""What a token may know of its person, signed for that token alone; and the password that ends one day.

Passwords follow NIST SP 800-63B-4 section 3.1.1: a length, no rules of composition, and none of the commonest.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.errors import Refused
from appliance.wire.paths import PROFILE
from appliance.wire.profile import Statement, sign_statement
from web.login_portal import audit, particulars, people, sessions
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.passports import Passports
from web.login_portal.passwords import Judged, Passwords
from web.login_portal.people import Person
from web.login_portal.rules.expiry import next_end
from web.login_portal.rules.names import new_password
from web.login_portal.sources.verdicts import SourceGone
from web.login_portal.store.database import Database


@dataclass(frozen=True, slots=True)
class Profiles:
    """Tells tokens of their persons, and changes passwords."""

    database: Database
    keys: Keys
    log: Logbook
    passports: Passports
    passwords: Passwords
    origin: str

    def tell(self, untrusted: str, now: float) -> str:
        """The signed statement for the token that asks. Raises Refused."""
        token = self.passports.prove(untrusted, PROFILE, now)
        with self.database.reading() as reading:
            person = people.with_id(reading, token.person)
        if person is not None:
            person = self._as_its_source_says(person, now)
        if person is None:
            raise Refused("This token is not linked")
        about = Statement(
            iss=self.origin,
            aud=token.id,
            person=person.display,
            label=person.name,
            password_until=person.password_until,
            issued=now,
            match=person.match,
        )
        return sign_statement(about, self.keys.signing)

    def change_password(
        self, person: Person, session: str, old: str, fresh: str, source: str, now: float
    ) -> Judged:
        """Another password, if the old one was right; every other browser of this person must sign in again.

        Raises Refused, with the reason, when the new one will not do; the old one is judged first.
        """
        judged = self.passwords.judge(person.name, old, source, now)
        if judged.person is None:
            return judged
        until = None if person.password_until is None else next_end(now)
        self.passwords.source.change(person.name, old, new_password(fresh, person.name, old), until)
        with self.database.writing() as writing:
            sessions.end_others(writing, person.id, session)
            audit.add(writing, person.name, "password changed", now, whom=person.name)
        self.log.note("password changed", person=person.id)
        self._as_its_source_says(person, now)
        return judged

    def _as_its_source_says(self, person: Person, now: float) -> Person:
        """The person as a directory knows them now; as they stand here when none does, or it does not answer."""
        with self.database.reading() as reading:
            if particulars.of(reading, person.id).source != particulars.DIRECTORY:
                return person
        try:
            known = self.passwords.source.look(person.name)
        except SourceGone as gone:
            self.log.note("directory not asked", reason=str(gone))
            return person
        if known is None:
            return person
        with self.database.writing() as writing:
            return people.seen_outside(writing, known, now)
