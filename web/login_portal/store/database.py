"""Transactions. A write is durable when `writing` has ended, and only then are the doorbells rung.

Writers take turns in this process before they take the database's own lock, so that nobody sleeps in SQLite's busy
loop, and so that doorbells ring in the order of the commits. It must never be held across a network call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateColumn

from appliance.core.errors import StorageTrouble
from web.login_portal.store import desk_tables  # noqa: F401 (its tables stand on the same metadata)
from web.login_portal.store.schema import metadata


@dataclass(frozen=True, slots=True)
class Writing:
    """One write transaction, and what to do once it is durable."""

    connection: Connection
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run a statement in this transaction."""
        return self.connection.execute(statement)


class Database:
    """The store of one portal."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A view of the records as they were at one moment. Raises StorageTrouble."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as wrong:
            raise StorageTrouble("The portal cannot read its records") from wrong

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A write transaction: everything or nothing. Raises StorageTrouble when it cannot be made durable."""
        with self._turn:
            try:
                with self._engine.connect().execution_options(writes=True) as connection:
                    writing = Writing(connection)
                    with connection.begin():
                        yield writing
            except OperationalError as wrong:
                raise StorageTrouble("The portal cannot write its records") from wrong
            for ring in writing.afterwards:
                ring()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(folder: Path) -> Database:
    """The SQLite store in this folder; the file is readable by the portal's user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "portal.db"
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"isolation_level": None, "timeout": 10.0, "check_same_thread": False},
        hide_parameters=True,  # an error must not carry what was in the row
        pool_size=48,
        max_overflow=16,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    metadata.create_all(engine)
    _add_new_columns(engine)
    return Database(engine)


def _add_new_columns(engine: Engine) -> None:
    """Give the tables of an older portal the columns that came later; each may be empty or has a default."""
    known = inspect(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for table in metadata.sorted_tables:
            there = {column["name"] for column in known.get_columns(table.name)}
            for column in table.columns:
                if column.name not in there:
                    words = CreateColumn(column).compile(engine)
                    connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {words}')


def _prepare(connection: Any, record: object) -> None:  # noqa: ANN401 (the driver's own type)
    del record
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """The driver begins nothing by itself; a writer takes its lock at once instead of failing half-way."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
