"""The vault's SQLite file as a file: recognised before it is touched, made durable, brought up to date.

WAL with `synchronous=FULL` and an exclusive lock; a file that is foreign, damaged or newer is closed again as it was.
"""

from __future__ import annotations

import sqlite3

from appliance.authenticator.keys import NO_STORAGE
from appliance.authenticator.vault_seal import MODULUS, Seal
from appliance.core.errors import StorageTrouble

MARK = 0x4465736B
TOTAL = "total"
DAMAGED = "The records of this device are damaged"
FOREIGN = "The file with the records belongs to another program"
NEWER = "The records of this device were written by newer software"
RECORDS = (
    "CREATE TABLE record (id TEXT PRIMARY KEY, version INTEGER NOT NULL, nonce BLOB NOT NULL, "
    "sealed BLOB NOT NULL) WITHOUT ROWID"
)
SUMMED = "SELECT 1"  # schema 2: the same table, with the sum of all records among them
MIGRATIONS = (RECORDS, SUMMED)
SCHEMA = len(MIGRATIONS)
PUT = (
    "INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
    "version = excluded.version, nonce = excluded.nonce, sealed = excluded.sealed"
)


def prepare(file: sqlite3.Connection, key: bytes) -> None:
    """Look before touching: ours, whole and not newer than we are; then make it durable and bring it up to date."""
    file.execute("PRAGMA locking_mode = EXCLUSIVE")
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
    if file.execute("PRAGMA journal_mode = WAL").fetchall() != [("wal",)]:
        raise StorageTrouble(NO_STORAGE)  # SQLite does not call it an error, and goes on without
    file.execute("PRAGMA synchronous = FULL")
    if schema < SCHEMA:
        _bring_up_to_date(file, key, schema)
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _bring_up_to_date(file: sqlite3.Connection, key: bytes, schema: int) -> None:
    """All steps from this schema to ours, every record sealed anew for it, in one transaction.

    Whatever goes wrong, the caller closes the file, and what was begun is undone with that.
    """
    file.execute("BEGIN IMMEDIATE")
    for statement in MIGRATIONS[schema:]:
        file.execute(statement)
    _reseal(file, Seal(key, schema), Seal(key, SCHEMA))
    file.execute(f"PRAGMA application_id = {MARK}")
    file.execute(f"PRAGMA user_version = {SCHEMA}")
    file.execute("COMMIT")


def _reseal(file: sqlite3.Connection, old: Seal, new: Seal) -> None:
    total, newest = 0, 0
    records = file.execute("SELECT * FROM record WHERE id != ?", (TOTAL,)).fetchall()
    for name, version, nonce, sealed in records:
        content = old.open(name, version, nonce, sealed)
        file.execute(PUT, (name, version, *new.close(name, version, content)))
        total, newest = (total + new.mark(name, version)) % MODULUS, max(newest, version)
    file.execute(PUT, (TOTAL, newest, *new.close(TOTAL, newest, total.to_bytes(32))))
