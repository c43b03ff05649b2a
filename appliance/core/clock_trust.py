"""How far the clock may be believed. A wrong code looks like a wrong password, so doubt shows no digits.

Source: checklist row 17; RFC 6238 section 3, requirement R1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """Where the time comes from, best first. SET: a technician set it by hand, and it is shown as such."""

    SYNCED = "synced"
    HOLDOVER = "holdover"
    RTC = "rtc"
    SET = "set"
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
BATTERY_AGE = 30 * 86400.0
STEP = 1.5
# a portal takes the neighbouring code too; a clock that is further away makes wrong ones
GRACE = 30.0
OPINION_AGE = 900.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the machine says: both clocks, the kernel's word and error bound, and the battery clock's time if any.

    `mark` names the synchronisation that is meant, where only a trace of the last one can be read; None: one right now.
    """

    monotonic: float
    wall: float
    synchronised: bool
    bound: float
    battery: float | None = None
    last_sync: float | None = None
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The last moment of this boot at which the clock was certainly right, in both clocks; or set by hand."""

    monotonic: float | None = None
    wall: float = 0.0
    by_hand: bool = False
    mark: float | None = None


def judge(memory: Memory, reading: Reading) -> tuple[Memory, Trust]:
    """How far to believe this reading, and what to remember of it.

    A clock that resumed after a power cut is UNKNOWN until it is synchronised: it looks right and is hours late.
    Since the last synchronisation the wall clock must have moved with the monotonic one; a jump means that somebody
    set it, and a trace of a synchronisation from before the jump vouches for nothing.
    """
    confirmed = reading.synchronised and reading.bound < SYNCED_BOUND
    if confirmed and (reading.mark is None or reading.mark != memory.mark):
        return Memory(reading.monotonic, reading.wall, mark=reading.mark), Trust.SYNCED
    if memory.monotonic is None:
        return memory, Trust.RTC if _battery_carries(reading) else Trust.UNKNOWN
    elapsed = reading.monotonic - memory.monotonic
    jumped = abs(reading.wall - memory.wall - elapsed) > STEP + elapsed * DRIFT
    if jumped or not 0 <= elapsed * DRIFT < MOST_DRIFT:
        return memory, Trust.UNKNOWN
    if memory.by_hand:
        return memory, Trust.SET
    return memory, Trust.SYNCED if confirmed else Trust.HOLDOVER


def _battery_carries(reading: Reading) -> bool:
    """A battery clock is within seconds for a month after a synchronised one last set it."""
    if reading.battery is None or abs(reading.battery - reading.wall) >= BATTERY_AGREES:
        return False
    return reading.last_sync is None or 0 <= reading.battery - reading.last_sync <= BATTERY_AGE


def below(now: Now, floor: float) -> Now:
    """The same reading, but UNKNOWN when its time lies before the newest signed letter (the floor, Unix seconds)."""
    return now if now.wall >= floor - GRACE else Now(now.monotonic, now.wall, Trust.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a portal's clock said, in Unix seconds, and when that was heard, in monotonic seconds."""

    said: float
    heard: float

    def ahead(self, now: Now) -> float:
        """How far that clock is ahead of ours now, whatever was done to ours since."""
        return self.said + (now.monotonic - self.heard) - now.wall


def doubted(now: Now, opinion: Opinion | None) -> Now:
    """The same reading, but UNKNOWN while a portal lately named a time that is further away than the grace.

    Whoever carries the portal's word could lie, and then no digits are shown: never wrong ones.
    """
    if opinion is None or not 0 <= now.monotonic - opinion.heard < OPINION_AGE:
        return now
    agrees = abs(opinion.ahead(now)) <= GRACE
    return now if agrees else Now(now.monotonic, now.wall, Trust.UNKNOWN)


def not_before(now: Now, shown: float) -> Now:
    """The same reading, but UNKNOWN when a code of a later moment (Unix seconds) was already on the screen.

    A clock that is synchronised now is believed: then it was the later moment that was wrong.
    """
    if now.trust is Trust.SYNCED or now.wall >= shown:
        return now
    return Now(now.monotonic, now.wall, Trust.UNKNOWN)
