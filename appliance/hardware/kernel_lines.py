"""Pins as the kernel hands them out: its GPIO character device, version 2 (linux/gpio.h), and nothing on top.

lgpio looks at watched pins 2,000 times a second, 5 % of a Pi 4's core (joan2937/lg issue 26), and libgpiod's bindings
are under a licence that the device does without. Here a read sleeps in the kernel until an edge comes.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHIPS = (Path("/dev/gpiochip0"), Path("/dev/gpiochip4"))
HEADER = b"pinctrl-"  # how the chip that has the header's pins is labelled, on every board
ROOM = 1024  # edges that the kernel keeps for us; a contact may bounce while nobody reads
CHIP_INFO, GET_LINES, GET_VALUES = 0x8044B401, 0xC250B407, 0xC010B40E
INFO = struct.Struct("=32s32sI")
# 64 offsets, our name, flags, no attributes, how many lines, room for edges, the file that the kernel makes
REQUEST = struct.Struct("=256s32sQI20x240xII20xi")
VALUES = struct.Struct("=QQ")
EVENT = struct.Struct("=QII32x")
ACTIVE_LOW, INPUT, BOTH_EDGES, PULL_UP, PULL_DOWN = 1 << 1, 1 << 2, 3 << 4, 1 << 8, 1 << 9
RISING = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One edge: `active` is a key that went down, whichever way it is wired; `at` is in monotonic seconds."""

    pin: int
    active: bool
    at: float


class KernelLines:
    """These pins of the header, for us alone, drawn to where an open contact leaves them. Raises OSError."""

    def __init__(
        self, pins: tuple[int, ...], active_low: bool, chips: Sequence[Path] = CHIPS
    ) -> None:
        bias = ACTIVE_LOW | PULL_UP if active_low else PULL_DOWN
        offsets = struct.pack(f"={len(pins)}I", *pins)
        asked = bytearray(
            REQUEST.pack(offsets, b"desk-token", INPUT | BOTH_EDGES | bias, 0, len(pins), ROOM, -1)
        )
        chip = os.open(header(chips), os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.ioctl(chip, GET_LINES, asked)
        finally:
            os.close(chip)
        self.fd: int = REQUEST.unpack(asked)[-1]
        self._all = (1 << len(pins)) - 1

    def changes(self) -> list[Change]:
        """What has changed since the last time, in the order of the interrupts; waits for the first."""
        said = os.read(self.fd, 64 * EVENT.size)
        return [
            Change(pin, kind == RISING, moment / 1e9)
            for moment, kind, pin in EVENT.iter_unpack(said)
        ]

    def check(self) -> None:
        """Whether every pin can be read."""
        fcntl.ioctl(self.fd, GET_VALUES, bytearray(VALUES.pack(0, self._all)))

    def release(self) -> None:
        """Give them back."""
        os.close(self.fd)


def header(chips: Sequence[Path]) -> Path:
    """The one of these chips that has the header's pins. Raises OSError."""
    for path in chips:
        if path.exists() and _label(path).startswith(HEADER):
            return path
    raise FileNotFoundError("there is no chip with the header's pins")


def _label(path: Path) -> bytes:
    told = bytearray(INFO.size)
    chip = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.ioctl(chip, CHIP_INFO, told)
    finally:
        os.close(chip)
    return bytes(INFO.unpack(told)[1])
