"""PostgreSQL crashes under a portal that lives on: a durable commit is there, and no cursor is given twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from tests.web.login_portal.store.postgres import Postgres, running_postgres
from web.login_portal import inbox
from web.login_portal.store.database import Database, open_database
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import letters

pytestmark = pytest.mark.xdist_group("a store that crashes")
ADD = Prepared(insert(letters).returning(letters.c.cursor))
LETTER = {"device": "d", "request": "r", "kind": "login", "text": "-", "expires": 2.0, "open": True}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """It writes its log to the disk when a commit waits for it, and hardly ever by itself."""
    with running_postgres("synchronous_commit=on", "wal_writer_delay=10s") as running:
        yield running


def given(database: Database, *, durable: bool) -> int:
    with database.writing(durable=durable) as writing:
        return int(ADD.rows(writing.connection, **LETTER)[0]["cursor"])


def kept(database: Database) -> list[int]:
    with database.reading() as reading:
        return [each.cursor for each in inbox.after(reading, "d", 0, 1.0)]


def crash(server: Postgres) -> None:
    server.throw_away()
    server.start()


def test_a_letter_that_a_crash_took_leaves_its_cursor_unused(
    server: Postgres, tmp_path: Path
) -> None:
    with closing(open_database(tmp_path, server.fresh())) as database:
        safe = given(database, durable=True)
        seen = [safe, *(given(database, durable=False) for _ in range(50))]
        crash(server)
        found = kept(database)
        assert found == seen[: len(found)]
        assert given(database, durable=True) > seen[-1]


def test_a_durable_commit_outlives_a_crash_with_all_before_it(
    server: Postgres, tmp_path: Path
) -> None:
    with closing(open_database(tmp_path, server.fresh())) as database:
        all_of_them = [given(database, durable=False) for _ in range(5)]
        all_of_them.append(given(database, durable=True))
        crash(server)
        assert kept(database) == all_of_them
