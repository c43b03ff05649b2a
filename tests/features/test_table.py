"""Every row of the phone app's manual names tests, and every test that is named exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.features.table import ROWS

TESTS = Path(__file__).parents[1]


def functions() -> set[str]:
    return {
        node.name
        for file in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


KNOWN = functions()


def test_every_row_of_the_manual_is_in_the_table() -> None:
    assert list(ROWS) == [f"S{row}" for row in range(1, 32)]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_says_what_it_means_and_names_tests_that_exist(row: str) -> None:
    meaning, tests = ROWS[row]
    assert meaning
    assert tests
    assert set(tests) <= KNOWN
