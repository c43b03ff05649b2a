"""The one place that reads a clock: wall, monotonic, and what the kernel says about their synchronisation.

Reads `adjtimex(2)` and the battery clock's own account; how far that is believed is decided by the pure rules in
core/clock_trust.py. Where the sandbox refuses `adjtimex` (ProtectClock does), systemd-timesyncd's own mark is read
instead: a file in /run, touched at every synchronisation. Never sets a clock.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
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


def kernel_word() -> tuple[bool, float]:
    """Whether the kernel calls its clock synchronised, and its own bound of the error in seconds. Raises OSError."""
    timex = Timex()
    state: int = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    if state < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")
    synchronised = state < TIME_ERROR and not timex.status & STA_UNSYNC
    return synchronised, timex.maxerror / 1_000_000


def service_word(wall: float, mark: Path = SYNCED_AT) -> tuple[bool, float]:
    """The same from timesyncd's mark: synchronised this boot, with the bound that the kernel would have by now."""
    age = _touched(mark, wall)
    return (False, 16.0) if age is None or age < 0 else (True, age * WORST_DRIFT)


def _touched(path: Path, wall: float) -> float | None:
    try:
        return wall - path.stat().st_mtime
    except OSError:
        return None


def word(wall: float) -> tuple[bool, float]:
    """The kernel's word, or the service's where the kernel may not be asked."""
    try:
        return kernel_word()
    except OSError:
        return service_word(wall)


def last_sync(saved: Path = SAVED) -> float | None:
    """When a clock was last right as far as timesyncd saved it, in Unix seconds; None when it saved nothing."""
    age = _touched(saved, 0.0)
    return None if age is None else -age


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
        kernel: Callable[[float], tuple[bool, float]] = word,
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
        synchronised, bound = self._kernel(wall)
        reading = Reading(
            monotonic=time.monotonic(),
            wall=wall,
            synchronised=synchronised,
            bound=bound,
            battery=self._battery_says(),
            last_sync=self._last_sync,
        )
        self._memory, trust = judge(self._memory, reading)
        return Now(reading.monotonic, reading.wall, trust)

    def set_by_hand(self) -> None:
        """A technician set the system's clock just now: believed like holdover, and marked."""
        self._memory = Memory(time.monotonic(), time.time(), by_hand=True)

    def _battery_says(self) -> float | None:
        """The battery clock's time now, carried on from the one slow look at the start."""
        if self._battery_at_start is None:
            return None
        return self._battery_at_start + time.monotonic() - self._started
