"""How far the clock may be believed. A wrong code looks like a wrong password, so doubt shows no digits.

Source: checklist row 17; RFC 6238 section 3, requirement R1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """Where the time comes from, best first."""

    SYNCED = "synced"
    HOLDOVER = "holdover"
    RTC = "rtc"
    UNKNOWN = "unknown"

    @property
    def shows_codes(self) -> bool:
        """Whether digits that depend on the time may be shown."""
        return self is not Trust.UNKNOWN


@dataclass(frozen=True, slots=True)
class Now:
    """One reading of both clocks: `monotonic` in seconds for deadlines, `wall` in Unix seconds for codes."""

    monotonic: float
    wall: float
    trust: Trust
