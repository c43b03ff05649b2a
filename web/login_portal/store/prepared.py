"""Statements that every login asks: written in SQLAlchemy's words, compiled once a store, then handed to its driver.

For plain columns only (text, numbers, bytes, truth): what the driver takes and gives is what the record holds. A login
asks twenty of them, and finding each one's compiled form anew would cost more than everything else that it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A statement as one driver wants it: its text, and the order of its values where they have no names.

    `fixed` are the values that stand in the statement itself.
    """

    sql: str
    fixed: Row
    order: tuple[str, ...] | None

    def values(self, named: Row) -> Row | tuple[object, ...]:
        """All values, by name or in order."""
        whole = {**self.fixed, **named} if self.fixed else named
        return whole if self.order is None else tuple(map(whole.__getitem__, self.order))


def driven(connection: Connection, sql: str, values: Row | tuple[object, ...] = ()) -> Any:  # noqa: ANN401 (the driver's own type)
    """What the driver says to this text. Raises what SQLAlchemy would, without the values."""
    driver: Any = connection.connection.dbapi_connection
    try:
        return driver.execute(sql, values)
    except connection.dialect.loaded_dbapi.Error as wrong:
        known: Any = connection.dialect.loaded_dbapi
        raise DBAPIError.instance(
            None, None, wrong, known.Error, hide_parameters=True, dialect=connection.dialect
        ) from wrong


class Prepared:
    """One statement; its values are given by name, those of a column by the column's name."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._texts: dict[tuple[str, ...], Text] = {}

    def rows(self, connection: Connection, /, **values: object) -> list[Row]:
        """Every row, by column."""
        cursor = self._asked(connection, values)
        found = cursor.fetchall()
        return [_by_column(cursor, row) for row in found] if found else found

    def first(self, connection: Connection, /, **values: object) -> Row | None:
        """The first row, if there is one."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def run(self, connection: Connection, /, **values: object) -> int:
        """How many rows were changed."""
        return int(self._asked(connection, values).rowcount)

    def _asked(self, connection: Connection, values: Row) -> Any:  # noqa: ANN401 (the driver's own type)
        key = (connection.dialect.name, *values)
        text = self._texts.get(key) or self._texts.setdefault(
            key, self._compiled(connection.dialect, values)
        )
        return driven(connection, text.sql, text.values(values))

    def _compiled(self, dialect: Dialect, values: Row) -> Text:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=list(values))
        order = tuple(compiled.positiontup) if compiled.positional else None
        fixed = {name: x for name, x in compiled.params.items() if name not in values}
        return Text(str(compiled), fixed, order)


def _by_column(cursor: Any, row: tuple[object, ...]) -> Row:  # noqa: ANN401 (the driver's own type)
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
