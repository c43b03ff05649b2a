"""The few calls through which the authenticator changes its disk, so that every one of them can be watched and cut.

Production passes the system's own calls; the power-cut laboratory passes the same calls with a journal between.
Decides nothing about what is written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Calls(Protocol):
    """The part of the module `os` that changes files. All raise OSError."""

    def open(self, path: Path, flags: int, mode: int = ..., /) -> int: ...

    def write(self, handle: int, content: bytes, /) -> int: ...

    def fsync(self, handle: int, /) -> None: ...

    def close(self, handle: int, /) -> None: ...

    def replace(self, source: Path, target: Path, /) -> None: ...

    def unlink(self, path: Path, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Disk:
    """How files are changed, and how an SQLite file is opened."""

    calls: Calls
    connect: Callable[[Path], sqlite3.Connection]


def connect(path: Path) -> sqlite3.Connection:
    """An SQLite file whose transactions are begun and ended by us alone."""
    return sqlite3.connect(path, timeout=3.0, isolation_level=None)


REAL = Disk(os, connect)
