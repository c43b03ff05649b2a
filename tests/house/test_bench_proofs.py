"""The table of the bench names tests that exist, in every row; and the papers that it counts on are whole."""

from __future__ import annotations

import re

from tests.house.source import ROOT, python_files

DOCS = ROOT / "docs"
TABLE = (DOCS / "bench-proofs.md").read_text()
ROWS = [
    row
    for row in re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", TABLE, re.MULTILINE)
    if "---" not in row[0]
]


def test_every_test_that_the_bench_counts_on_exists() -> None:
    there = {
        name
        for path in python_files("tests")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    assert len(named) > 100
    assert named - there == set()


def test_no_line_of_the_bench_is_without_a_test() -> None:
    rows = [row for row in ROWS if row[1] != "tests"]
    assert len(rows) >= 35
    assert [row[0] for row in rows if "`test_" not in row[1]] == []


def test_every_pain_and_every_decision_has_its_page() -> None:
    """The fifteen pains of people with such devices, each with what to do; the six decisions of the design first."""
    pains = re.findall(
        r"^## (\d+)\. .+?(?=^## )",
        (DOCS / "troubleshooting.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    assert [int(number) for number in pains] == list(range(1, 16))
    assert (DOCS / "troubleshooting.md").read_text().count("**Do:**") >= 15
    decisions = sorted(path.name[:4] for path in (DOCS / "decisions").glob("0*.md"))
    assert len(decisions) >= 6
    assert decisions == [f"{number:04}" for number in range(1, len(decisions) + 1)]
