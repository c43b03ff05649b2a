"""Migrations: every road to today's tables ends at the same place, once, and never at a newer portal's."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from appliance.core.errors import Refused, StorageTrouble
from tests.web.login_portal.person import PASSWORD
from web.login_portal import people
from web.login_portal.store import revise
from web.login_portal.store.database import Database, open_database
from web.login_portal.store.migrate import bring_up_to_date, newest, revision
from web.login_portal.store.postgresql import database_url, postgresql_engine
from web.login_portal.store.sqlite import sqlite_engine
from web.login_portal.store.tables import every_table

pytestmark = pytest.mark.both_stores
OLD = Path(__file__).with_name("before_alembic.sql")


@pytest.fixture
def engine(tmp_path: Path, store: Callable[[str], str]) -> Engine:
    """An empty store."""
    address = store("portal")
    return postgresql_engine(database_url(address)) if address else sqlite_engine(tmp_path)


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, every_table()))


def test_the_steps_make_what_the_code_describes(engine: Engine) -> None:
    assert differences(engine) != []
    bring_up_to_date(engine)
    assert differences(engine) == []
    engine.dispose()


def test_two_that_start_together_migrate_once(engine: Engine) -> None:
    gate, troubles = threading.Barrier(4), []

    def start() -> None:
        gate.wait()
        try:
            bring_up_to_date(engine)
        except StorageTrouble as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert revision(connection) == newest()
    assert troubles == []
    engine.dispose()


def test_a_newer_portals_records_are_left_alone(engine: Engine) -> None:
    bring_up_to_date(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageTrouble, match="newer portal"):
        bring_up_to_date(engine)
    engine.dispose()


def old_portal(folder: Path) -> Database:
    """Records from before there were steps, and lacking a column that came later."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "portal.db")) as old, old:
        old.executescript(OLD.read_text())
    old.close()
    return open_database(folder)


def test_records_from_before_the_steps_are_adopted(tmp_path: Path) -> None:
    database = old_portal(tmp_path / "portal")
    with database.reading() as reading:
        jan = people.named(reading, "jan")
        assert revision(reading) == newest()
        assert reading.execute(text("SELECT cursor, device FROM letters")).all() == [(1, "d1")]
    assert jan is not None
    assert (jan.display, jan.password_until) == ("Jan de Vries", None)
    assert differences(database._engine) == []
    with database.writing() as writing:
        people.add(writing, "piet", PASSWORD, 1.0, display="", phone="", match="press")
    database.close()


def test_there_is_nothing_left_to_write_a_step_for() -> None:
    assert revise.differences() == []
    with pytest.raises(Refused):
        revise.main("nothing")
