"""Cursors are never given twice, also when a power cut takes letters back that were given one.

A letter may leave before it is on the disk. A device that read it comes back with its cursor and is owed everything
after it, so what is given after a cut must lie beyond whatever may have been lost.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy import text as sql

AFTER_A_START = 1_000_000
AFTER_A_CONNECT = 10_000
"""More than are given between two commits that reach the disk: PostgreSQL's do within 0.6 seconds in any case."""


def never_twice(engine: Engine) -> None:
    """From now on cursors lie beyond what was lost: SQLite loses when the portal dies with its machine.

    PostgreSQL may die while the portal lives; all connections die with it, so every new one goes on far enough.
    """
    if engine.dialect.name == "postgresql":
        engine.dispose()
        event.listen(engine, "connect", _go_on)
        return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        far = {"far": AFTER_A_START}
        on = sql("UPDATE sqlite_sequence SET seq = seq + :far WHERE name = 'letters'")
        first = sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('letters', :far)")
        if connection.execute(on, far).rowcount == 0:
            connection.execute(first, far)


def _go_on(connection: Any, record: object) -> None:  # noqa: ANN401 (the driver's own type)
    """Take cursors that nobody gets: one by one, so that no other connection's step can be taken back."""
    del record
    serial = "pg_get_serial_sequence('letters', 'cursor')"
    taken = f"SELECT count(nextval({serial})) FROM generate_series(1, %s)"  # noqa: S608 (our own words)
    connection.execute(taken, (AFTER_A_CONNECT,))
    connection.commit()
