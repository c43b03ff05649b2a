"""Statements that every login asks: the same rows as SQLAlchemy's own way, on both stores, and errors without data."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.web.login_portal.conftest import World
from web.login_portal.store.database import Database
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import letters, quiet

pytestmark = pytest.mark.both_stores
LETTER = {"device": "d", "request": "r", "kind": "login", "text": "é;'--", "expires": 1.5}
ADD = Prepared(insert(letters).returning(letters.c.cursor))
CLOSE = Prepared(update(letters).where(letters.c.device == bindparam("of")))
LOGINS = Prepared(
    select(letters)
    .where(letters.c.device == bindparam("device"), letters.c.kind == "login")
    .order_by(letters.c.cursor)
)


@pytest.fixture
def database(world: World) -> Database:
    return world.portal.database


def test_rows_are_those_that_sqlalchemy_reads(database: Database) -> None:
    with database.writing() as writing:
        for kind in ("login", "closed", "login"):
            ADD.run(writing.connection, **{**LETTER, "kind": kind}, open=True)
        found = LOGINS.rows(writing.connection, device="d")
        plain = writing.execute(select(letters).where(letters.c.kind == "login")).mappings()
        assert found == [dict(row) for row in plain]
        assert [row["text"] for row in found] == ["é;'--", "é;'--"]
        assert LOGINS.first(writing.connection, device="nobody") is None


def test_a_new_row_says_its_cursor(database: Database) -> None:
    with database.writing() as writing:
        cursors = [ADD.rows(writing.connection, **LETTER, open=True)[0]["cursor"] for _ in range(3)]
    assert cursors == [cursors[0], cursors[0] + 1, cursors[0] + 2]


def test_only_the_named_columns_change_and_the_changed_rows_are_counted(database: Database) -> None:
    with database.writing() as writing:
        ADD.run(writing.connection, **LETTER, open=True)
        assert CLOSE.run(writing.connection, of="d", open=False) == 1
        assert CLOSE.run(writing.connection, of="d", expires=9.0, kind="login") == 1
        assert CLOSE.run(writing.connection, of="nobody", open=False) == 0
        (row,) = LOGINS.rows(writing.connection, device="d")
    assert (row["open"], row["expires"], row["text"]) == (False, 9.0, LETTER["text"])


def test_what_goes_wrong_is_sqlalchemys_error_without_the_values(database: Database) -> None:
    add = Prepared(insert(quiet))

    def twice() -> None:
        with database.writing() as writing:
            add.run(writing.connection, person="secret-person", until=1.0)
            add.run(writing.connection, person="secret-person", until=1.0)

    with pytest.raises(IntegrityError) as wrong:
        twice()
    assert wrong.value.params is None
    with database.reading() as reading:
        assert Prepared(select(quiet)).rows(reading) == []
