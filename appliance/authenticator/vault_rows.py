"""Sealed records in one SQLite file: WAL, `synchronous=FULL`, every change one transaction that is durable on return.

A row cannot be moved, swapped or altered, and an older row cannot be put back: every write counts the vault's version
on and adjusts the sealed sum of all records in the same transaction. What this cannot notice is the whole folder put
back as it once was; docs/secrets.md says who can.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from appliance.authenticator.disk import REAL, Disk
from appliance.authenticator.keys import NO_STORAGE
from appliance.authenticator.vault_file import DAMAGED, PUT, SCHEMA, TOTAL, prepare
from appliance.authenticator.vault_seal import MODULUS, Seal
from appliance.core.errors import StorageTrouble

OLDER = "Records of this device were removed or put back"
Changes = Mapping[str, bytes | None]


class Rows(Protocol):
    """Named records; `write` is all or nothing and durable when it returns. All raise StorageTrouble."""

    def names(self) -> tuple[str, ...]: ...

    def read(self, name: str) -> bytes | None: ...

    def write(self, changes: Changes) -> None: ...

    def close(self) -> None: ...


class SealedRows:
    """The vault's file, opened by its one thread."""

    def __init__(self, path: Path, key: bytes, disk: Disk = REAL) -> None:
        self._seal = Seal(key, SCHEMA)
        try:
            disk.calls.close(disk.calls.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._file = disk.connect(path)
        except (OSError, sqlite3.Error) as wrong:
            raise StorageTrouble(NO_STORAGE) from wrong
        try:
            prepare(self._file, key)
            self._version, self._total = self._summed_up()
        except (sqlite3.Error, StorageTrouble) as wrong:
            self._file.close()
            raise _told(wrong) from wrong

    def names(self) -> tuple[str, ...]:
        """The ids of all records."""
        found = self._ask("SELECT id FROM record WHERE id != ? ORDER BY id", TOTAL)
        return tuple(row[0] for row in found)

    def read(self, name: str) -> bytes | None:
        """The record, or None. Raises StorageTrouble when it is not what was written under this name."""
        rows = self._ask("SELECT version, nonce, sealed FROM record WHERE id = ?", name)
        return self._seal.open(name, *rows[0]) if rows else None

    def write(self, changes: Changes) -> None:
        """Store these records (None removes one) in one transaction."""
        version, total = self._version + 1, self._total
        try:
            self._file.execute("BEGIN IMMEDIATE")
            for name, content in changes.items():
                total = (total + self._put(name, version, content)) % MODULUS
            self._store(TOTAL, version, total.to_bytes(32))
            self._file.execute("COMMIT")
        except sqlite3.Error as wrong:
            self._undo()
            raise StorageTrouble(NO_STORAGE) from wrong
        self._version, self._total = version, total

    def close(self) -> None:
        """Close the file; everything written is already durable."""
        self._file.close()

    def _put(self, name: str, version: int, content: bytes | None) -> int:
        """Store or remove one record; what that adds to the sum."""
        found = self._file.execute("SELECT version FROM record WHERE id = ?", (name,)).fetchone()
        gone = self._seal.mark(name, found[0]) if found else 0
        if content is None:
            self._file.execute("DELETE FROM record WHERE id = ?", (name,))
            return -gone
        self._store(name, version, content)
        return self._seal.mark(name, version) - gone

    def _store(self, name: str, version: int, content: bytes) -> None:
        self._file.execute(PUT, (name, version, *self._seal.close(name, version, content)))

    def _summed_up(self) -> tuple[int, int]:
        """The vault's version and sum, if they are those of the records that are here."""
        here, kept = 0, None
        for name, version, nonce, sealed in self._ask("SELECT * FROM record"):
            if name == TOTAL:
                kept = version, int.from_bytes(self._seal.open(name, version, nonce, sealed))
            else:
                here = (here + self._seal.mark(name, version)) % MODULUS
        if kept is None or kept[1] != here:
            raise StorageTrouble(OLDER)
        return kept

    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._file.execute(question, values).fetchall()
        except sqlite3.Error as wrong:
            raise StorageTrouble(DAMAGED) from wrong

    def _undo(self) -> None:
        if self._file.in_transaction:
            self._file.execute("ROLLBACK")


def _told(wrong: sqlite3.Error | StorageTrouble) -> StorageTrouble:
    """A disk that refuses is no damage."""
    if isinstance(wrong, StorageTrouble):
        return wrong
    return StorageTrouble(NO_STORAGE if isinstance(wrong, sqlite3.OperationalError) else DAMAGED)


class NoRows:
    """A vault that could not be opened: it knows nothing, and refuses to pretend that it stored something."""

    def __init__(self, why: str) -> None:
        self._why = why

    def names(self) -> tuple[str, ...]:
        """Nothing is known."""
        return ()

    def read(self, name: str) -> bytes | None:  # noqa: ARG002
        """Nothing is known."""
        return None

    def write(self, changes: Changes) -> None:  # noqa: ARG002
        """Always raises StorageTrouble with the reason."""
        raise StorageTrouble(self._why)

    def close(self) -> None:
        """Nothing is open."""
