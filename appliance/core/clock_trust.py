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


SYNCED_BOUND = 1.0
DRIFT = 50e-6
MOST_DRIFT = 10.0
BATTERY_AGREES = 3.0
STEP = 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the machine says: both clocks, the kernel's word and error bound, and the battery clock's time if any."""

    monotonic: float
    wall: float
    synchronised: bool
    bound: float
    battery: float | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The last moment of this boot at which the clock was certainly right, in both clocks."""

    monotonic: float | None = None
    wall: float = 0.0


def judge(memory: Memory, reading: Reading) -> tuple[Memory, Trust]:
    """How far to believe this reading, and what to remember of it.

    A clock that resumed after a power cut is UNKNOWN until it is synchronised: it looks right and is hours late.
    In holdover the wall clock must have moved with the monotonic one; a jump means that somebody set it.
    """
    if reading.synchronised and reading.bound < SYNCED_BOUND:
        return Memory(reading.monotonic, reading.wall), Trust.SYNCED
    if memory.monotonic is not None:
        elapsed = reading.monotonic - memory.monotonic
        jumped = abs(reading.wall - memory.wall - elapsed) > STEP + elapsed * DRIFT
        if not jumped and 0 <= elapsed * DRIFT < MOST_DRIFT:
            return memory, Trust.HOLDOVER
        return memory, Trust.UNKNOWN
    if reading.battery is not None and abs(reading.battery - reading.wall) < BATTERY_AGREES:
        return memory, Trust.RTC
    return memory, Trust.UNKNOWN


def below(now: Now, floor: float) -> Now:
    """The same reading, but UNKNOWN when its time lies before the newest signed letter (the floor, Unix seconds)."""
    return now if now.wall >= floor - 300 else Now(now.monotonic, now.wall, Trust.UNKNOWN)
