"""Plays steps (a value, then so many seconds) on one part, on a thread of its own, until something newer comes.

It owns the waiting, so that lamp and buzzer are only data and one function that sets a value.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

Step = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tune:
    """Steps in order; `again` plays them for ever, else the last value stays."""

    steps: tuple[Step, ...]
    again: bool = False


class Player:
    """One part being played; `put` sets its value."""

    def __init__(self, put: Callable[[float], None]) -> None:
        self._put = put
        self._next: queue.SimpleQueue[Tune | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="player", daemon=True)
        self._thread.start()

    def play(self, tune: Tune) -> None:
        """Play this from its beginning, now."""
        self._next.put(tune)

    def close(self) -> None:
        """Stop, and wait until the part is no longer touched."""
        self._next.put(None)
        self._thread.join()

    def _live(self) -> None:
        tune = self._next.get()
        while tune is not None:
            tune = self._through(tune)

    def _through(self, tune: Tune) -> Tune | None:
        for value, seconds in itertools.cycle(tune.steps) if tune.again else tune.steps:
            self._put(value)
            try:
                return self._next.get(timeout=seconds) if seconds else self._next.get_nowait()
            except queue.Empty:
                continue
        return self._next.get()
