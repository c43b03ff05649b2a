"""Sealed records in one SQLite file: WAL, `synchronous=FULL`, every change one transaction that is durable on return.

Each record is under AES-256-GCM with a random nonce; its id, schema and version are authenticated with it, so a row
cannot be moved, swapped or altered (checklist row 19). Never writes to a file it does not recognise as its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.authenticator.keys import NO_STORAGE, WRONG_KEY
from appliance.core.errors import StorageTrouble

MARK = 0x4465736B
DAMAGED = "The records of this device are damaged"
FOREIGN = "The file with the records belongs to another program"
NEWER = "The records of this device were written by newer software"
FIRST = (
    "CREATE TABLE record (id TEXT PRIMARY KEY, version INTEGER NOT NULL, nonce BLOB NOT NULL, "
    "sealed BLOB NOT NULL) WITHOUT ROWID"
)
MIGRATIONS = (FIRST,)
SCHEMA = len(MIGRATIONS)
Changes = Mapping[str, bytes | None]


class Rows(Protocol):
    """Named records; `write` is all or nothing and durable when it returns. Both raise StorageTrouble."""

    def read(self, name: str) -> bytes | None: ...

    def write(self, changes: Changes) -> None: ...

    def close(self) -> None: ...


class SealedRows:
    """The vault's file, opened by its one thread."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._cipher = AESGCM(key)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._file = sqlite3.connect(path, timeout=3.0, isolation_level=None)
        except (OSError, sqlite3.Error) as wrong:
            raise StorageTrouble(NO_STORAGE) from wrong
        try:
            _recognise(self._file)
        except sqlite3.DatabaseError as wrong:
            self._file.close()
            raise StorageTrouble(DAMAGED) from wrong
        except StorageTrouble:
            self._file.close()
            raise

    def names(self) -> tuple[str, ...]:
        """The ids of all records."""
        return tuple(row[0] for row in self._ask("SELECT id FROM record ORDER BY id"))

    def read(self, name: str) -> bytes | None:
        """The record, or None. Raises StorageTrouble when it is not what was written under this name."""
        rows = self._ask("SELECT version, nonce, sealed FROM record WHERE id = ?", name)
        if not rows:
            return None
        version, nonce, sealed = rows[0]
        try:
            return self._cipher.decrypt(nonce, sealed, _bound(name, version))
        except (InvalidTag, TypeError, ValueError, OverflowError) as wrong:
            raise StorageTrouble(WRONG_KEY) from wrong

    def write(self, changes: Changes) -> None:
        """Store these records (None removes one) in one transaction."""
        try:
            self._file.execute("BEGIN IMMEDIATE")
            for name, content in changes.items():
                self._put(name, content)
            self._file.execute("COMMIT")
        except sqlite3.Error as wrong:
            self._undo()
            raise StorageTrouble(NO_STORAGE) from wrong

    def close(self) -> None:
        """Close the file; everything written is already durable."""
        self._file.close()

    def _put(self, name: str, content: bytes | None) -> None:
        if content is None:
            self._file.execute("DELETE FROM record WHERE id = ?", (name,))
            return
        found = self._file.execute("SELECT version FROM record WHERE id = ?", (name,)).fetchone()
        version = 1 + (found[0] if found else 0)
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, content, _bound(name, version))
        self._file.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "version = excluded.version, nonce = excluded.nonce, sealed = excluded.sealed",
            (name, version, nonce, sealed),
        )

    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._file.execute(question, values).fetchall()
        except sqlite3.Error as wrong:
            raise StorageTrouble(DAMAGED) from wrong

    def _undo(self) -> None:
        if self._file.in_transaction:
            self._file.execute("ROLLBACK")


class NoRows:
    """A vault that could not be opened: it knows nothing, and refuses to pretend that it stored something."""

    def __init__(self, why: str) -> None:
        self._why = why

    def read(self, name: str) -> bytes | None:  # noqa: ARG002
        """Nothing is known."""
        return None

    def write(self, changes: Changes) -> None:  # noqa: ARG002
        """Always raises StorageTrouble with the reason."""
        raise StorageTrouble(self._why)

    def close(self) -> None:
        """Nothing is open."""


def _bound(name: str, version: int) -> bytes:
    return b"\0".join((name.encode(), str(SCHEMA).encode(), str(version).encode()))


def _recognise(file: sqlite3.Connection) -> None:
    """Look before touching: ours, whole and not newer than we are; then make it durable and bring it up to date."""
    mark, schema = (
        file.execute(f"PRAGMA {word}").fetchone()[0] for word in ("application_id", "user_version")
    )
    tables = file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != MARK and (mark or schema or tables):
        raise StorageTrouble(FOREIGN)
    if schema > SCHEMA:
        raise StorageTrouble(NEWER)
    if file.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise StorageTrouble(DAMAGED)
    file.execute("PRAGMA locking_mode = EXCLUSIVE")
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    if schema < SCHEMA:
        _bring_up_to_date(file, schema)
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _bring_up_to_date(file: sqlite3.Connection, schema: int) -> None:
    """All steps from this schema to ours, in one transaction."""
    file.execute("BEGIN IMMEDIATE")
    for statement in MIGRATIONS[schema:]:
        file.execute(statement)
    file.execute(f"PRAGMA application_id = {MARK}")
    file.execute(f"PRAGMA user_version = {SCHEMA}")
    file.execute("COMMIT")
