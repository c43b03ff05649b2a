"""Transactions. A write is durable when `writing` has ended, and only then are the doorbells rung; what is written as
not `durable` is then seen by everybody, and that is all.

Writers take turns in this process before they take the database's own lock, so that nobody sleeps in the database's
queue with a connection in hand, and so that doorbells ring in the order of the commits. It must never be held across
a network call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError
from sqlalchemy.exc import TimeoutError as NoConnection

from appliance.core.errors import Refused, StorageTrouble
from web.login_portal.store import postgresql
from web.login_portal.store.cursors import never_twice
from web.login_portal.store.migrate import bring_up_to_date
from web.login_portal.store.sqlite import sqlite_engine
from web.login_portal.store.writers import KeptConnection, PooledConnection, Writer


@dataclass(frozen=True, slots=True)
class Writing:
    """One write transaction, and what to do once it is durable."""

    connection: Connection
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def execute(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> CursorResult[Any]:
        """Run a statement in this transaction; one that is asked all the time is built once and given its values."""
        return self.connection.execute(statement, values)

    def ring(self, device: str) -> None:
        """Wake the other workers for this device at the commit; with one worker there is nobody to wake."""
        if self.connection.dialect.name == "postgresql":
            postgresql.ring(self.connection, device)


class Database:
    """The store of one portal."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.shared = engine.dialect.name == "postgresql"
        self._writer: Writer = PooledConnection(engine) if self.shared else KeptConnection(engine)
        self._reads = postgresql.for_reading(engine) if self.shared else engine
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A view of the records as they were at one moment. Raises StorageTrouble."""
        with (
            _told_apart(StorageTrouble("The portal cannot read its records")),
            self._reads.begin() as connection,
        ):
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Writing]:
        """A write transaction: everything or nothing. Raises StorageTrouble when it cannot be kept.

        One that is not `durable` may be taken back by a power cut, but never without all that was written after it.
        It is for a question alone: nothing that was acknowledged, decided or counted against somebody.
        """
        with self._turn:
            with (
                _told_apart(StorageTrouble("The portal cannot write its records")),
                self._writer.begun(durable=durable) as connection,
            ):
                writing = Writing(connection)
                yield writing
            for ring in writing.afterwards:
                ring()

    def close(self) -> None:
        """Close every connection."""
        self._writer.close()
        self._engine.dispose()


@contextmanager
def _told_apart(trouble: StorageTrouble) -> Iterator[None]:
    """What the database says, as one of ours: a value it cannot hold, or a store that is out of reach.

    A row that is there already stays what it is: its story knows what that means.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DataError as wrong:
        raise Refused("A value has signs that cannot be stored") from wrong
    except (DatabaseError, InterfaceError, NoConnection) as wrong:
        raise trouble from wrong


def open_database(folder: Path, url: str = "") -> Database:
    """The store: SQLite in this folder, or the PostgreSQL database at this address. Its tables are brought up to date.

    Raises StorageTrouble, also for records that a newer portal made; Refused for an address that is none.
    """
    engine = _engine(folder, url)
    with ExitStack() as undone:
        undone.callback(engine.dispose)
        with _told_apart(StorageTrouble("The portal cannot open its records")):
            bring_up_to_date(engine)
            never_twice(engine)
        undone.pop_all()
    return Database(engine)


def unchanged_store(folder: Path, url: str = "") -> Database:
    """The store as it is, to look at: whatever its tables are."""
    return Database(_engine(folder, url))


@contextmanager
def fresh_store(folder: Path, url: str, step: str) -> Iterator[Connection]:
    """An empty store at this migration step, to be filled in one transaction, and then brought up to date.

    Raises Refused when people are there already, StorageTrouble when it cannot be written.
    """
    engine = _engine(folder, url)
    with ExitStack() as ends, _told_apart(StorageTrouble("The portal cannot write its records")):
        ends.callback(engine.dispose)
        bring_up_to_date(engine, step)
        with (
            engine.connect().execution_options(writes=True, patient=True) as connection,
            connection.begin(),
        ):
            yield connection
        bring_up_to_date(engine)


def _engine(folder: Path, url: str) -> Engine:
    if url:
        return postgresql.postgresql_engine(postgresql.database_url(url))
    return sqlite_engine(folder)
