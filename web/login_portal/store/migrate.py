"""Migrations: the tables of any older portal are brought up to date, one step a schema change, forward only.

Runs at the start of every command under the writer's lock, so that two workers that start together migrate once.
Records of a newer portal are never touched. The steps are in `migrations/versions`; `store/revise.py` writes them.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect
from sqlalchemy.schema import CreateColumn

from appliance.core.errors import StorageTrouble

FOLDER = Path(__file__).parent / "migrations"
HEAD, FIRST = "head", "0001"


def bring_up_to_date(engine: Engine, target: str = HEAD) -> None:
    """Take the steps that these records have not seen. Raises StorageTrouble for records of a newer portal."""
    with engine.connect() as connection:
        if _is_at(connection, target):
            return
    options = {"writes": True, "patient": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if not _is_at(connection, target):
            if revision(connection) is None and inspect(connection).has_table("people"):
                _adopt(connection)
            command.upgrade(settings(connection), target)


def revision(connection: Connection) -> str | None:
    """The last step that these records have seen; None for an empty database, and for one older than the steps."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The last step that this portal knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or FIRST


def settings(connection: Connection) -> Config:
    """What Alembic is told; it works on this very connection and its transaction."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _is_at(connection: Connection, target: str) -> bool:
    now, steps = revision(connection), ScriptDirectory(str(FOLDER))
    known = {step.revision for step in steps.walk_revisions()}
    if now is not None and now not in known:
        raise StorageTrouble(
            "A newer portal made these records. Install that one, or restore a backup"
        )
    return now == (steps.get_current_head() if target == HEAD else target)


def _adopt(connection: Connection) -> None:
    """A portal from before the steps made its tables at once: add what the first step has and it lacks."""
    known = inspect(connection)
    for table in _of_first_step().sorted_tables:
        if not known.has_table(table.name):
            table.create(connection)
            continue
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                words = CreateColumn(column).compile(connection)
                connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {words}')
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    command.stamp(settings(connection), FIRST)


def _of_first_step() -> MetaData:
    """The tables that the first step makes, read back from an empty database that took it."""
    pattern, empty = MetaData(), create_engine("sqlite://")
    bring_up_to_date(empty, FIRST)
    pattern.reflect(empty)
    empty.dispose()
    return pattern
