"""How long a picture may take. The clock is handed in; nothing here reads one by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Work may begin until `until`, in the seconds of `now`."""

    until: float
    now: Callable[[], float]

    @classmethod
    def of(cls, seconds: float, now: Callable[[], float]) -> Budget:
        """So many seconds from this moment."""
        return cls(now() + seconds, now)

    def left(self) -> float:
        """Seconds in which work may still begin; below zero when they are over."""
        return self.until - self.now()
