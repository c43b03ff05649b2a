"""The table of the checklist names tests that exist, and leaves no row out."""

from __future__ import annotations

import re
from pathlib import Path

import web.device_page

TABLE = Path(web.device_page.__file__).with_name("CHECKLIST.md").read_text()
TESTS = Path(__file__).parents[2]


def test_every_test_that_is_named_exists() -> None:
    there = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    assert len(named) > 20
    assert named - there == set()


def test_no_row_is_left_out() -> None:
    assert re.findall(r"^\| (\d+) \|", TABLE, re.MULTILINE) == [str(row) for row in range(22, 31)]
