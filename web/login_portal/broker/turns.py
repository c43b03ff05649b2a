"""Whose answers wait to be judged: a device that floods the broker keeps nobody else out and fills no memory.

What finds no room is dropped without a word; its sender asks again by HTTP, where one connection is one answer.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

OF_ONE, ALTOGETHER = 4, 1000


@dataclass(frozen=True, slots=True)
class Turns:
    """Counts what waits. From any thread."""

    _waiting: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, device: str) -> bool:
        """Whether one more answer of this device may wait."""
        with self._lock:
            room = self._waiting[device] < OF_ONE and self._waiting.total() < ALTOGETHER
            if room:
                self._waiting[device] += 1
            return room

    def end(self, device: str) -> None:
        """One of them was judged."""
        with self._lock:
            self._waiting[device] -= 1
            if self._waiting[device] <= 0:
                del self._waiting[device]
