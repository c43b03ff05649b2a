"""What only SQLite is asked: to keep what it has said it kept."""

from __future__ import annotations

from sqlalchemy import text

from tests.web.login_portal.conftest import World


def test_every_connection_is_durable(world: World) -> None:
    with world.portal.database.writing() as writing:
        assert writing.execute(text("PRAGMA synchronous")).scalar() == 2
        assert writing.execute(text("PRAGMA journal_mode")).scalar() == "wal"
