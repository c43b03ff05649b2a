"""A privacyIDEA push token lived through on the real processes: camera, button, panel, and the real server's login."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.administrator import PrivacyIdea
from tests.interop.hands_on import Panel, logged_in, panel


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Panel]:
    with panel(tmp_path) as there:
        yield there


def test_a_code_scanned_and_held_for_signs_its_person_in(server: PrivacyIdea, desk: Panel) -> None:
    made = server.make("push")
    desk.links(made)
    desk.hands.sees("Wacht op een login", made.serial)
    login = server.signs_in(made.serial)
    desk.approves()
    desk.hands.sees("Goedgekeurd")
    assert logged_in(server, made.serial, login)
    assert made.parameters["enrollment_credential"] not in desk.log()
