"""PostgreSQL as the store, for several workers. One writer at a time, as with SQLite: the same rules hold on both.

A lock of the database itself, not of a process, makes writers take turns. So a rule may read and then write, and
cursors become visible in the order in which they were given: a reader that comes back by cursor skips nothing.
Sources: PostgreSQL manual, sections 13.3.5 (advisory locks) and 13.2.2 (repeatable read).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from appliance.core.errors import Refused

TURN = 0x6465736B
CHANNEL = "desk_letters"
_DO_NOT_WAIT = ", set_config('synchronous_commit', 'off', true)"
LIMITS = (
    "-c statement_timeout=10000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=20000"
)
ALIVE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20000,
    "application_name": "desk-portal",
}


def database_url(untrusted: str) -> URL:
    """The address of a PostgreSQL database. Raises Refused, without the text: it may hold a password."""
    try:
        url = make_url(untrusted)
    except ArgumentError as wrong:
        raise Refused("The database is written as postgresql+psycopg://user@host/name") from wrong
    if url.get_backend_name() != "postgresql":
        raise Refused("The database is written as postgresql+psycopg://user@host/name")
    return url.set(drivername="postgresql+psycopg")


def postgresql_engine(url: URL) -> Engine:
    """The engine of this database; a connection that died while it lay idle is noticed before it is used."""
    engine = create_engine(
        url,
        connect_args={**ALIVE, "options": f"{url.query.get('options', '')} {LIMITS}".strip()},
        hide_parameters=True,  # an error must not carry what was in the row
        isolation_level="READ COMMITTED",
        pool_use_lifo=True,
        pool_size=16,
        max_overflow=32,
        pool_timeout=10.0,
        pool_pre_ping=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The same connections, for a view of one moment in which nothing can be written."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def ring(connection: Connection, device: str) -> None:
    """Tell every worker, at the moment this transaction becomes durable, that the device has a letter."""
    connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (CHANNEL, device))


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("patient", False):  # a migration may take longer than any request
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    if options.get("writes", False):
        wait = "" if options.get("durable", True) else _DO_NOT_WAIT
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN}){wait}")
