"""Tells the service manager that the device is ready, and that its one loop still turns and sees what it needs.

Fed by the loop alone, and only when panel, keys and storage were seen just then: no timer thread could do that.

Speaks sd_notify by hand: one datagram to the socket that systemd names. Without that socket it says nothing.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

EVERY = 5.0


class Watchdog:
    """Feeds the watchdog at most every few seconds; `clock` gives monotonic seconds, `vital` looks at the parts."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._clock = clock
        self._next = 0.0
        self.vital: Callable[[], bool] = lambda: True

    def ready(self) -> None:
        """The device serves now."""
        self._say(b"READY=1")

    def alive(self) -> None:
        """The loop has made a turn; the manager hears of it when the parts are alive too."""
        now = self._clock()
        if now >= self._next and self.vital():
            self._next = now + EVERY
            self._say(b"WATCHDOG=1")

    def _say(self, word: bytes) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, contextlib.suppress(OSError):
            line.sendto(word, self._address)
