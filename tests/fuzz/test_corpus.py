"""The corpus is alive: every file of it is taken or refused in order, and together they reach nearly every branch."""

from __future__ import annotations

import re

import pytest

from tests.fuzz import runs
from tests.fuzz.measured import MEASURED
from tests.fuzz.target import CORPUS
from tests.fuzz.targets import BY_NAME, TARGETS

LEAST = 95.0
LARGEST = 160 * 1024


@pytest.mark.parametrize("module", MEASURED)
def test_the_corpus_covers_95_percent_of_the_branches_of_every_parser(module: str) -> None:
    said = runs.reached(module, further=False)
    measured = re.match(r"([\d.]+) % of (\d+) (branches|lines)", said)
    assert measured, said
    assert int(measured[2]) > 0
    assert float(measured[1]) >= LEAST, said


def test_every_target_has_a_parser_that_is_measured_and_plain_seeds_to_begin_with() -> None:
    assert {name for names in MEASURED.values() for name in names} == {t.name for t in TARGETS}
    assert {target.parser for target in TARGETS} <= set(MEASURED)
    assert all(any(target.seeds.glob("plain*")) for target in TARGETS)


def test_no_target_stands_in_the_table_twice() -> None:
    assert len(BY_NAME) == len(TARGETS)


def test_the_corpus_has_no_folder_without_a_target_and_only_small_files() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == {target.name for target in TARGETS}
    assert [path for path in CORPUS.rglob("*") if path.stat().st_size > LARGEST] == []
