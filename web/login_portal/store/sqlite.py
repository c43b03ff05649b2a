"""SQLite as the store: one file, a connection per thread, durable at every commit. For one worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from web.login_portal.store.prepared import driven

FILE = "portal.db"


def sqlite_engine(folder: Path) -> Engine:
    """The engine of the store in this folder; the file is readable by the portal's user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"isolation_level": None, "timeout": 10.0, "check_same_thread": False},
        hide_parameters=True,  # an error must not carry what was in the row
        pool_use_lifo=True,  # the connection that wrote last knows the pages and the statements
        pool_size=48,
        max_overflow=16,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:  # noqa: ANN401 (the driver's own type)
    del record
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """The driver begins nothing by itself; a writer takes its lock at once instead of failing half-way."""
    options = connection.get_execution_options()
    if not options.get("begun", False):
        driven(connection, "BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")
