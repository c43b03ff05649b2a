"""What was found, as a sentence with its cure, and as a record for scripts. It must never hold a secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from appliance.core.screen import Text
from appliance.wording import spoken


class Verdict(StrEnum):
    """GOOD needs nothing, HINT is worth a look, BAD keeps something from working."""

    GOOD = "good"
    HINT = "hint"
    BAD = "bad"


class Spoken(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding in the technician's language; scripts read it as JSON."""

    part: str
    verdict: Verdict
    said: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do about it."""

    part: str
    verdict: Verdict
    said: Text
    cure: Text | None = None

    def spoken(self, language: str) -> Spoken:
        """The same in the technician's language."""
        cure = spoken(self.cure, language) if self.cure else ""
        return Spoken(self.part, self.verdict, spoken(self.said, language), cure)


def good(part: str, said: Text) -> Finding:
    """Nothing to do."""
    return Finding(part, Verdict.GOOD, said)


def hint(part: str, said: Text, cure: Text) -> Finding:
    """Worth a look; the device works."""
    return Finding(part, Verdict.HINT, said, cure)


def bad(part: str, said: Text, cure: Text) -> Finding:
    """Something does not work until this is done."""
    return Finding(part, Verdict.BAD, said, cure)
