"""The built-in table of people as a source: passwords stored as Argon2id and never logged."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.errors import Refused
from web.login_portal import particulars, people
from web.login_portal.people import Person
from web.login_portal.sources.hashing import Hasher
from web.login_portal.sources.verdicts import WRONG, Known, Verdict, Word
from web.login_portal.store.database import Database


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """Judges by the portal's own records."""

    database: Database
    hasher: Hasher

    def judge(self, untrusted_name: str, untrusted_password: str) -> Verdict:
        """By the stored hash; a name that nobody has costs one hash too."""
        with self.database.reading() as reading:
            person = people.named(reading, untrusted_name)
            email = particulars.of(reading, person.id).email if person else ""
        if person is None:
            self.hasher.spend(untrusted_password)
            return WRONG
        if not self.hasher.fits(person.password, untrusted_password):
            return WRONG
        return Verdict(Word.FITS, _known(person, email))

    def look(self, name: str) -> Known | None:
        """The person as they stand in the table."""
        with self.database.reading() as reading:
            person = people.named(reading, name)
            return (
                None if person is None else _known(person, particulars.of(reading, person.id).email)
            )

    def change(self, name: str, old: str, fresh: str, until: float | None) -> None:
        """Store another hash, if the old password is right. Raises Refused."""
        if self.judge(name, old).word is not Word.FITS:
            raise Refused("The old password is not right")
        hashed = self.hasher.hash(fresh)
        with self.database.writing() as writing:
            person = people.named(writing.connection, name)
            if person is None:
                raise Refused("There is nobody with this user name")
            people.change_password(writing, person.id, hashed, until)


def _known(person: Person, email: str) -> Known:
    return Known(person.name, person.display, person.phone, email, person.password_until)
