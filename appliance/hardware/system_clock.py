"""The one place that reads a clock: wall, monotonic, and what the kernel says about their synchronisation.

Reads `adjtimex(2)` and the battery clock's own account; how far that is believed is decided by the pure rules in
core/clock_trust.py. Where the sandbox refuses `adjtimex` (ProtectClock does), systemd-timesyncd's own mark is read
instead: a file in /run, touched at every synchronisation. Never sets a clock.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appliance.core.clock_trust import Memory, Now, Reading, judge

TIME_ERROR = 5
STA_UNSYNC = 0x0040
RTC = Path("/sys/class/rtc/rtc0")
SYNCED_AT = Path("/run/systemd/timesync/synchronized")
SAVED = Path("/var/lib/systemd/timesync/clock")
WORST_DRIFT = 500e-6
SUPPLIED_BY_BATTERY = ("ds1307", "ds3231", "pcf85063", "pcf8523")


class Timex(ctypes.Structure):
    """`struct timex` of a 64-bit or 32-bit Linux, as far as we read it; the tail is room for the kernel."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """Whether the clock is called synchronised, the bound of its error in seconds, and which synchronisation is meant.

    The kernel means now (`mark` None); the service's mark is the Unix time at which it last did it.
    """

    synchronised: bool
    bound: float
    mark: float | None = None


def kernel_word() -> Word:
    """Whether the kernel calls its clock synchronised, and its own bound of the error. Raises OSError."""
    timex = Timex()
    state: int = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    if state < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")
    synchronised = state < TIME_ERROR and not timex.status & STA_UNSYNC
    return Word(synchronised, timex.maxerror / 1_000_000)


def service_word(wall: float, mark: Path = SYNCED_AT) -> Word:
    """The same from timesyncd's mark: synchronised this boot, with the bound that the kernel would have by now."""
    touched = _touched(mark)
    if touched is None or wall < touched:
        return Word(synchronised=False, bound=16.0, mark=touched)
    return Word(True, (wall - touched) * WORST_DRIFT, touched)


def _touched(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def word(wall: float) -> Word:
    """The kernel's word, or the service's where the kernel may not be asked."""
    try:
        return kernel_word()
    except OSError:
        return service_word(wall)


def last_sync(saved: Path = SAVED) -> float | None:
    """When a clock was last right as far as timesyncd saved it, in Unix seconds; None when it saved nothing."""
    return _touched(saved)


def battery_time(folder: Path = RTC) -> float | None:
    """What the battery clock says in Unix seconds; None without one, or when it once stopped (then EINVAL)."""
    try:
        name = (folder / "name").read_text(encoding="ascii")
        said = (folder / "since_epoch").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    if not any(chip in name for chip in SUPPLIED_BY_BATTERY) or not said.strip().isdigit():
        return None
    return float(said)


class SystemClock:
    """The device's clock. Remembers, in monotonic time, when the kernel last called itself synchronised."""

    def __init__(
        self,
        kernel: Callable[[float], Word] = word,
        battery: Callable[[], float | None] = battery_time,
        saved: Callable[[], float | None] = last_sync,
    ) -> None:
        self._kernel = kernel
        self._battery_at_start = battery()
        self._last_sync = saved()
        self._started = time.monotonic()
        self._memory = Memory()

    def now(self) -> Now:
        """Both clocks and how far to believe them."""
        wall = time.time()
        said = self._kernel(wall)
        reading = Reading(
            monotonic=time.monotonic(),
            wall=wall,
            synchronised=said.synchronised,
            bound=said.bound,
            battery=self._battery_says(),
            last_sync=self._last_sync,
            mark=said.mark,
        )
        self._memory, trust = judge(self._memory, reading)
        return Now(reading.monotonic, reading.wall, trust)

    def set_by_hand(self) -> None:
        """A technician set the system's clock just now: believed like holdover, and marked.

        It ends with the next synchronisation, and with this process: after a power cut nothing of it is left.
        """
        wall = time.time()
        mark = self._kernel(wall).mark
        self._memory = Memory(time.monotonic(), wall, by_hand=True, mark=mark)

    def _battery_says(self) -> float | None:
        """The battery clock's time now, carried on from the one slow look at the start."""
        if self._battery_at_start is None:
            return None
        return self._battery_at_start + time.monotonic() - self._started
