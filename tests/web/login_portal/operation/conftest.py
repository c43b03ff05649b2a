"""A portal that was saved, for the tests of coming back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person


@pytest.fixture
def saved(world: World, jan: Person, token: Device, tmp_path: Path) -> Path:
    """A backup of a portal in which Jan has signed in once."""
    jan.sign_in()
    token.answer(world.letters(token)[0], "approve", jan.element("match-number"))
    path = tmp_path / "backup.tar.gz"
    assert world.command("backup", str(path)).output.endswith(f"saved in {path}\n")
    return path
