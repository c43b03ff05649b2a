"""A serial port, seen as bytes in and bytes out, and where the ports of desk tokens are.

The one place that knows pyserial. A port that is pulled out is `LineLost`, whatever the system calls it.
"""

from __future__ import annotations

import termios
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec
import serial
from serial.tools import list_ports

from appliance.core.errors import DeskTokenError
from firmware_tools.words import _

SPEED, WRITE_SECONDS = 115200, 2.0
PRODUCT = "Desk Token"
BROKEN = (OSError, serial.SerialException, termios.error)


class LineLost(DeskTokenError):
    """The cable was pulled, or the port is not there."""


class Wire(Protocol):
    """An open line."""

    def read(self, seconds: float) -> bytes:
        """What came within so many seconds, perhaps nothing. Raises LineLost."""

    def write(self, words: bytes) -> None:
        """Send it. Raises LineLost."""

    def close(self) -> None:
        """Hang up."""


class _Port(serial.Serial):
    """A port that may be closed again after a close that was interrupted: its file is gone, and that is all right."""

    def close(self) -> None:
        """Let go of it."""
        with suppress(OSError):
            super().close()


class SerialWire:
    """A serial port. Raises LineLost when it cannot be opened, or another program has it."""

    def __init__(self, path: str) -> None:
        try:
            self._port = _Port(
                path, SPEED, timeout=0.1, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except (*BROKEN, ValueError) as lost:
            raise LineLost(_("The port cannot be opened")) from lost

    def read(self, seconds: float) -> bytes:
        """What came within so many seconds, perhaps nothing."""
        try:
            self._port.timeout = seconds
            first: bytes = self._port.read(1)
            waiting: bytes = self._port.read(self._port.in_waiting) if first else b""
        except BROKEN as lost:
            raise LineLost(_("The cable was pulled out")) from lost
        return first + waiting

    def write(self, words: bytes) -> None:
        """Send it."""
        try:
            self._port.write(words)
            self._port.flush()
        except BROKEN as lost:
            raise LineLost(_("The cable was pulled out")) from lost

    def close(self) -> None:
        """Hang up."""
        self._port.close()


class PortFound(msgspec.Struct, frozen=True):
    """A port with a desk token on it; `serial` is what USB says, empty when nobody knows.

    `plugged` differs each time that something is plugged in, also when the path is the same again.
    """

    path: str
    serial: str = ""
    plugged: str = ""


def ports(folder: Path | None = None) -> tuple[PortFound, ...]:
    """The ports of desk tokens by their USB name; with a folder, everything that lies in it."""
    if folder is not None:
        return tuple(
            PortFound(str(path), plugged=_plugged(path)) for path in sorted(folder.glob("*"))
        )
    found = (port for port in list_ports.comports() if PRODUCT in (port.product or ""))
    return tuple(
        PortFound(port.device, port.serial_number or "", _plugged(Path(port.device)))
        for port in found
    )


def _plugged(path: Path) -> str:
    """The node that the system made for this plug."""
    try:
        node = path.lstat()
    except OSError:
        return ""
    return f"{path}:{node.st_ino}:{node.st_ctime_ns}"
