"""The last lines of the log, kept in memory for the device page. What is logged are past-tense facts, never a secret.

Whatever could be one anyway (long runs of letters and figures, query strings) is struck out before it is kept.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from threading import Lock

MOST_LINES, MOST_LETTERS = 300, 200
LIKE_A_SECRET = re.compile(r"[A-Za-z0-9+/_=-]{20,}|\b\d{6,}\b|#\S+")


class Journal(logging.Handler):
    """A handler that remembers. Safe to read from any thread."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[tuple[float, str, str]] = deque(maxlen=MOST_LINES)
        self._reading = Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line, cut and cleaned."""
        words = f"{record.name}: {record.getMessage()}"[:MOST_LETTERS]
        flat = "".join(c if c.isprintable() else " " for c in words)
        with self._reading:
            self._lines.append((record.created, record.levelname, LIKE_A_SECRET.sub("…", flat)))

    def rows(self) -> tuple[tuple[float, str, str], ...]:
        """All lines, oldest first: Unix seconds, level, words."""
        with self._reading:
            return tuple(self._lines)
