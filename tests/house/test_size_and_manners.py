"""What keeps the house readable: small files, small functions, narrow handlers, no patched modules, no sleeping."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import PRODUCT, ROOT, named, python_files, text_files, tree

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 45
PATCHED = re.compile(r"\bmock" + r"\.patch|monkeypatch" + r"\.setattr|Magic" + r"Mock")
SLEEPS = re.compile(r"\btime" + r"\.sleep\(")
SECRETS = re.compile(
    r"^_?(secret|password|seed|private_key|digits|confirm_code|pin_code|otp|assertion|shared_key)$"
)
SPEAKERS = {"print", "echo", "secho", "debug", "info", "warning", "error", "exception", "critical"}
OF_A_MACHINE = re.compile(
    r"/(work/(main|shared|steering)|root/|home/\w+/|[s]imple/)|pythonhosted[.]org"
)
HANDS_OVER_THE_DEMO_USER = {"web/bench/demo.py"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_file_is_longer_than_a_person_reads_at_a_sitting() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in python_files(*PRODUCT, "tests")}
    assert [f"{named(path)}: {size}" for path, size in lengths.items() if size > MOST_LINES] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{named(path, node.lineno)} {node.name}"
        for path in python_files(*PRODUCT)
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_only_the_top_of_a_process_catches_everything() -> None:
    broad = [
        path
        for path in python_files(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]
    assert {path.name for path in broad} <= {"__main__.py", "loop.py"}
    assert len({path.parent for path in broad}) == len(broad), "one for each process"


def test_every_module_says_what_it_is() -> None:
    assert [
        named(path) for path in python_files(*PRODUCT) if not ast.get_docstring(tree(path))
    ] == []


@pytest.mark.parametrize("habit", [PATCHED, SLEEPS], ids=["patched objects", "sleeping"])
def test_no_test_patches_a_module_or_sleeps(habit: re.Pattern[str]) -> None:
    found = [
        named(path, number)
        for path in python_files("tests")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if habit.search(line)
    ]
    assert found == []


def test_nothing_prints_or_logs_a_secret_by_its_name() -> None:
    said = [
        named(path, node.lineno)
        for path in python_files(*PRODUCT)
        if named(path) not in HANDS_OVER_THE_DEMO_USER
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _called(node) in SPEAKERS and _names_a_secret(node)
    ]
    assert said == []


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))


def _names_a_secret(call: ast.Call) -> bool:
    inside = [node for argument in call.args for node in ast.walk(argument)]
    names = [getattr(node, "id", "") or getattr(node, "attr", "") for node in inside]
    return any(SECRETS.match(name) for name in names if isinstance(name, str))


def test_no_file_names_a_path_of_one_machine_or_a_registry() -> None:
    files = [*text_files(), *(ROOT / "config" / "locks").iterdir()]
    found = [
        named(path, number)
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if OF_A_MACHINE.search(line)
    ]
    assert found == []


def test_no_file_leaves_work_for_later_in_a_comment() -> None:
    later = re.compile(r"#\s*(TO" + "DO|FIX" + "ME|XX" + "X)")
    found = [
        named(path) for path in python_files(*PRODUCT, "tests") if later.search(path.read_text())
    ]
    assert found == []
