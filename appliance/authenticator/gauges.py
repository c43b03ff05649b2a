"""Reads the gauges of the board: temperature, supply and disk. A gauge that is not there is None, never a guess."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Gauges:
    """Where the gauges are: the kernel's tree, and the folder whose disk counts."""

    state: Path
    system: Path = Path("/sys")

    def temperature(self) -> float | None:
        """Of the processor, in degrees Celsius."""
        thousandths = _number(self.system / "class/thermal/thermal_zone0/temp")
        return None if thousandths is None else thousandths / 1000

    def undervolted(self) -> bool | None:
        """Whether the supply fell below 4.63 V since the start (the Pi's own alarm)."""
        for name in sorted(self.system.glob("class/hwmon/hwmon*/name")):
            if _words(name) == "rpi_volt":
                alarm = _number(name.parent / "in0_lcrit_alarm")
                return None if alarm is None else alarm > 0
        return None

    def disk(self) -> tuple[int, int] | None:
        """Free and whole size in bytes of the disk with the records."""
        try:
            found = os.statvfs(self.state)
        except OSError:
            return None
        return found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize


def _words(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _number(path: Path) -> int | None:
    words = _words(path)
    return int(words) if words.removeprefix("-").isdecimal() else None
