"""Every record out of one store and into another, also from SQLite to PostgreSQL: text, row by row, in one view.

Sessions and spent assertions stay behind: they end by themselves. The next cursor jumps ahead, so that a device that
read more than the backup knows misses nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select
from sqlalchemy import text as sql

from appliance.core.errors import Refused

LEFT_BEHIND = {"alembic_version", "sessions", "assertions"}
JUMP = 10_000_000


def table_names(reading: Connection) -> list[str]:
    """The tables whose rows are kept."""
    return sorted(set(inspect(reading).get_table_names()) - LEFT_BEHIND)


def rows_of(reading: Connection, name: str) -> Iterator[bytes]:
    """Each row as a line of JSON; bytes as base64."""
    table = _table(reading, name)
    found = reading.execution_options(yield_per=500).execute(select(table))
    for row in found.mappings():
        yield msgspec.json.encode(dict(row)) + b"\n"


def newest_cursor(reading: Connection) -> int:
    """The highest cursor that was ever given, also when its letter is gone."""
    if reading.dialect.name == "postgresql":
        name = "SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = :name"
        found = reading.execute(sql(name), {"name": "letters_cursor_seq"}).scalar()
    else:
        found = reading.execute(
            sql("SELECT seq FROM sqlite_sequence WHERE name = 'letters'")
        ).scalar()
    return int(found or 0)


def put(writing: Connection, name: str, untrusted_lines: list[bytes]) -> None:
    """Write rows into an empty table. Raises Refused for rows that do not fit."""
    table = _table(writing, name)
    if writing.execute(select(func.count()).select_from(table)).scalar():
        raise Refused("There are records here already; restore into an empty store")
    binary = {column.name for column in table.columns if column.type.python_type is bytes}
    rows = [_row(line, binary) for line in untrusted_lines]
    if rows:
        writing.execute(insert(table), rows)


def go_on_from(writing: Connection, names: list[str], cursor: int) -> None:
    """Numbers go on after the highest that was given; cursors far after it."""
    for name in names:
        for column in _table(writing, name).primary_key.columns:
            if column.type.python_type is int:
                jumped = cursor + JUMP if name == "letters" else 0
                _count_on(writing, name, column.name, jumped)


def _count_on(writing: Connection, table: str, column: str, least: int) -> None:
    if writing.dialect.name == "postgresql":
        words = f"""SELECT setval(pg_get_serial_sequence('"{table}"', '{column}'),
                    greatest(:least, 1, (SELECT max("{column}") FROM "{table}")))"""  # noqa: S608 (our own names)
        writing.execute(sql(words), {"least": least})
    elif least:
        writing.execute(sql("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        words = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :least)"
        writing.execute(sql(words), {"name": table, "least": least})


def _row(line: bytes, binary: set[str]) -> dict[str, object]:
    try:
        row = msgspec.json.decode(line, type=dict[str, object])
        changed = {name: base64.b64decode(str(row[name])) for name in binary & row.keys()}
    except ValueError as wrong:
        raise Refused("The backup is damaged") from wrong
    return {**row, **changed}


def _table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)
