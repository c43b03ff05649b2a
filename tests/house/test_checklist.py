"""The table of the security checklist names tests that exist, leaves no row out, and says where one is still open."""

from __future__ import annotations

import re

from tests.house.source import ROOT, every_test

TABLE = (ROOT / "docs" / "checklist.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", TABLE, re.MULTILINE)


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    assert len(named) > 90
    assert named - every_test() == set()


def test_no_row_is_left_out() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 43))


def test_a_row_without_a_test_says_so_with_the_issue_that_brings_it() -> None:
    bare = [row for row in ROWS if "`test_" not in row[2]]
    assert all(re.match(r"not yet: issues? \d", row[3]) for row in bare), bare
