"""A portal that has outgrown its file moves to PostgreSQL: a backup here, a restore there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.operation.test_backup import restored
from tests.web.login_portal.person import Person
from tests.web.login_portal.store.postgres import Postgres

pytestmark = pytest.mark.xdist_group("a move")


def test_a_portal_moves_from_sqlite_to_postgresql(
    world: World, jan: Person, token: Device, tmp_path: Path, postgres: Postgres
) -> None:
    jan.sign_in()
    path = tmp_path / "moving"
    assert world.command("backup", str(path)).exit_code == 0
    moved = restored(world, path, "moved", postgres.fresh())
    assert moved.portal.database.shared
    moved.clock.now += 400
    person = moved.browser()
    person.sign_in()
    (letter,) = moved.letters(token)
    answer = token.answer_text(letter, "approve", person.element("match-number"))
    assert moved.device().send(answer).json() == {"outcome": "approved"}
    moved.portal.database.close()
