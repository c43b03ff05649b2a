"""Tells the service manager that the device is ready, and that its one loop still turns and sees what it needs.

Fed by the loop alone, and only when panel, keys and storage were seen just then: no timer thread could do that.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.wire.heartbeat import notify

EVERY = 5.0


class Watchdog:
    """Feeds the watchdog at most every few seconds; `clock` gives monotonic seconds, `vital` looks at the parts."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self._address = address
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
        notify(self._address, word)
