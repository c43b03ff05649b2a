"""The built-in table beside a directory: a name of the table is judged there and never leaves the portal."""

from __future__ import annotations

from dataclasses import dataclass

from web.login_portal import particulars, people
from web.login_portal.particulars import DIRECTORY
from web.login_portal.sources.built_in import BuiltIn
from web.login_portal.sources.verdicts import WRONG, Known, Source, Verdict
from web.login_portal.store.database import Database


@dataclass(frozen=True, slots=True)
class Both:
    """Two sources as one. Either way one hash is made, so that the table's names cannot be told by the clock alone."""

    database: Database
    table: BuiltIn
    directory: Source

    def judge(self, untrusted_name: str, untrusted_password: str) -> Verdict:
        """By the table when the name stands there as one of its own, else by the directory. Raises SourceGone.

        Somebody of the directory whose one name is the table's is nobody, whatever they typed.
        """
        if self._is_ours(untrusted_name):
            return self.table.judge(untrusted_name, untrusted_password)
        self.table.hasher.spend(untrusted_password)
        verdict = self.directory.judge(untrusted_name, untrusted_password)
        return WRONG if verdict.name and self._is_ours(verdict.name) else verdict

    def look(self, name: str) -> Known | None:
        """The person where they belong. Raises SourceGone."""
        return (self.table if self._is_ours(name) else self.directory).look(name)

    def change(self, name: str, old: str, fresh: str, until: float | None) -> None:
        """Another password where it is judged. Raises Refused, SourceGone."""
        (self.table if self._is_ours(name) else self.directory).change(name, old, fresh, until)

    def _is_ours(self, untrusted_name: str) -> bool:
        with self.database.reading() as reading:
            person = people.named(reading, untrusted_name)
            return person is not None and particulars.of(reading, person.id).source != DIRECTORY
