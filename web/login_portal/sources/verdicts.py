"""What a source of people says of a name and a password. A source counts and locks nothing: that is the portal's."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from appliance.core.errors import DeskTokenError


class SourceGone(DeskTokenError):
    """The source cannot be asked now; nobody's mistake, and never counted as one."""


class Word(StrEnum):
    """WRONG covers an unknown name too. DISABLED and EXPIRED are said to nobody who gave a wrong password.

    LOCKED is a directory's own lock. It says so whatever the password was, so it is told to nobody.
    """

    FITS = "fits"
    WRONG = "wrong"
    DISABLED = "disabled"
    EXPIRED = "expired"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the source knows them. `until` is when the password ends (Unix seconds); None when nobody said."""

    name: str
    display: str
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, and the person when the password was right. `outside` is true for a directory's person.

    `name` is what the source calls the account, however it was typed and whatever the password was; empty when it does
    not say. It is for counting, and told to nobody.
    """

    word: Word
    known: Known | None = None
    outside: bool = False
    name: str = ""


WRONG = Verdict(Word.WRONG)


class Source(Protocol):
    """What every source can do."""

    def judge(self, untrusted_name: str, untrusted_password: str) -> Verdict:
        """Whether they belong together. An unknown name takes as long as a wrong password. Raises SourceGone."""

    def look(self, name: str) -> Known | None:
        """The person of this name as the source knows them now, None for nobody. Raises SourceGone."""

    def change(self, name: str, old: str, fresh: str, until: float | None) -> None:
        """Another password for this person, good until then where the source lets us say so.

        Raises Refused when the source does not take it, SourceGone.
        """
