"""What was found, as a sentence with its cure, and as a record for scripts. It must never hold a secret."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from appliance.wording import translate_with


class Verdict(StrEnum):
    """GOOD needs nothing, HINT is worth a look, BAD keeps something from working."""

    GOOD = "good"
    HINT = "hint"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `said` and `cure` are English sentences of the catalogue, `fill` their places."""

    part: str
    verdict: Verdict
    said: str
    cure: str = ""
    fill: dict[str, str] = {}

    def spoken(self, language: str) -> Spoken:
        """The same in the technician's language."""
        said, cure = (
            translate_with(words, language, self.fill) for words in (self.said, self.cure)
        )
        return Spoken(self.part, self.verdict, said, cure)


class Spoken(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding as it is read."""

    part: str
    verdict: Verdict
    said: str
    cure: str = ""


def _(english: str) -> str:
    """Marks a sentence for the catalogue."""
    return english


def good(part: str, said: str, **fill: str) -> Finding:
    """Nothing to do."""
    return Finding(part, Verdict.GOOD, said, "", fill)


def hint(part: str, said: str, cure: str, **fill: str) -> Finding:
    """Worth a look; the device works."""
    return Finding(part, Verdict.HINT, said, cure, fill)


def bad(part: str, said: str, cure: str, **fill: str) -> Finding:
    """Something does not work until this is done."""
    return Finding(part, Verdict.BAD, said, cure, fill)
