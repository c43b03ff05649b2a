"""Collects the pictures of one export of accounts, in any order, until all are there. Pure: a record becomes the next.

Pictures of two exports are never mixed, and nothing is offered before the last picture was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken, OtpCandidate
from appliance.credentials.google_migration import Migration

MOST_TOGETHER = 99


@dataclass(frozen=True, slots=True)
class Export:
    """The pictures that were seen so far; `marks` tell them apart without their content."""

    pages: tuple[Migration, ...]
    marks: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def have(self) -> int:
        """How many pictures were seen."""
        return len(self.pages)

    @property
    def batches(self) -> int:
        """How many pictures there are."""
        return self.pages[0].batches

    @property
    def complete(self) -> bool:
        """Whether every picture was seen."""
        return self.have == self.batches

    @property
    def candidates(self) -> tuple[OtpCandidate, ...]:
        """The accounts of all pictures, in the order of the export."""
        ordered = sorted(self.pages, key=lambda page: page.batch)
        return tuple(candidate for page in ordered for candidate in page.candidates)


@dataclass(frozen=True, slots=True)
class Offers:
    """Accounts that are offered one after the other: those to come, how many there were, how many were kept."""

    candidates: tuple[OtpCandidate, ...] = ()
    of: int = 0
    kept: int = 0

    @property
    def first(self) -> OtpCandidate | None:
        """The next account to offer."""
        return self.candidates[0] if self.candidates else None

    @property
    def number(self) -> int:
        """Which account was taken last, from 1."""
        return self.of - len(self.candidates)

    def taken(self) -> Offers:
        """Those after the first."""
        return replace(self, candidates=self.candidates[1:])


def collected(before: Export | None, page: Migration, mark: bytes) -> Export:
    """The export with this picture; one that was seen already changes nothing. Raises NotTaken."""
    if before is None:
        return Export((page,), (mark,))
    first = before.pages[0]
    if (page.export, page.batches) != (first.export, first.batches):
        raise _foreign()
    known = next((seen for seen in before.pages if seen.batch == page.batch), None)
    if known is not None:
        if known != page:
            raise _foreign()
        return before
    after = Export((*before.pages, page), (*before.marks, mark))
    if len(after.candidates) > MOST_TOGETHER:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    return after


def _foreign() -> NotTaken:
    return NotTaken(Trouble.OTHER_EXPORT, "This picture belongs to another export")
