"""Disks that keep less than they promise. The laboratory must catch every one of them, or its zeros mean nothing."""

from __future__ import annotations

import sqlite3

from tests.crash.journal import DIRECTORY, JournalledCalls


class Normal(sqlite3.Connection):
    """WAL with `synchronous=NORMAL`: never corrupt, but a commit may be gone."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = NORMAL"), *values)  # type: ignore[arg-type]


class Off(sqlite3.Connection):
    """WAL without any sync."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), *values)  # type: ignore[arg-type]


class Unsynced(JournalledCalls):
    """Whole files without fsync: a draft and a rename, as most programs do it."""

    def fsync(self, handle: int, /) -> None:
        if self._handles[handle][0] == DIRECTORY:
            super().fsync(handle)


class Hasty(JournalledCalls):
    """The folder is never synced, so a new name or a removed one may be forgotten."""

    def fsync(self, handle: int, /) -> None:
        if self._handles[handle][0] != DIRECTORY:
            super().fsync(handle)
