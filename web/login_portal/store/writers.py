"""The way in for a transaction that writes, and how durable its commit is; one writer at a time comes here.

SQLite keeps one connection for all writers: it knows the pages and the statements that the last one used. PostgreSQL
takes one of its pool, which looks first whether the line still lives.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from web.login_portal.store.prepared import driven


class Writer(Protocol):
    """What both stores can do."""

    def begun(self, *, durable: bool) -> AbstractContextManager[Connection]:
        """A transaction, committed at the end. Raises what SQLAlchemy does."""

    def close(self) -> None:
        """Close what was kept."""


class KeptConnection:
    """SQLite: `synchronous` is FULL for what must be on the disk, NORMAL for what need only be seen by everybody.

    After a power cut the records end at some commit, and none before a FULL one is missing: its sync takes along what
    stands in the log before it. Source: sqlite.org/pragma.html#pragma_synchronous.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(begun=True)
        self._kept: Connection | None = None
        self._durable = True  # as the engine makes its connections

    @contextmanager
    def begun(self, *, durable: bool) -> Iterator[Connection]:
        """Begin on the kept connection; the first one makes it.

        The driver is told directly: SQLAlchemy keeps account of a transaction only when a statement of its own comes.
        """
        kept = self._kept = self._kept or self._engine.connect()
        if durable != self._durable:
            driven(kept, f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        driven(kept, "BEGIN IMMEDIATE")
        try:
            yield kept
            kept.commit()
            _end(kept, "COMMIT")
        finally:  # after a commit there is nothing left to take back
            kept.rollback()
            _end(kept, "ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept, self._durable = None, True


def _end(kept: Connection, word: str) -> None:
    """End what only the driver knows of."""
    driver: Any = kept.connection.dbapi_connection
    if driver.in_transaction:
        driven(kept, word)


class PooledConnection:
    """PostgreSQL: a commit that need not be durable does not wait for the disk (manual, section 28.4)."""

    def __init__(self, engine: Engine) -> None:
        self._durable = engine.execution_options(writes=True)
        self._visible = engine.execution_options(writes=True, durable=False)

    def begun(self, *, durable: bool) -> AbstractContextManager[Connection]:
        """Begin on a connection of the pool."""
        return (self._durable if durable else self._visible).begin()

    def close(self) -> None:
        """The pool keeps them."""
