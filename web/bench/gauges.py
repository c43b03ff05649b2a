"""The gauges of a simulated board: the same files that a Pi's kernel has, with the values of a healthy one."""

from __future__ import annotations

from pathlib import Path

HEALTHY = {
    "class/thermal/thermal_zone0/temp": "41500",
    "class/hwmon/hwmon0/name": "rpi_volt",
    "class/hwmon/hwmon0/in0_lcrit_alarm": "0",
}


def simulated_gauges(system: Path) -> None:
    """Write them below this folder. Raises OSError."""
    for name, value in HEALTHY.items():
        (system / name).parent.mkdir(parents=True, exist_ok=True)
        (system / name).write_text(f"{value}\n")
