"""The rules are pure: core, and what a scanned text becomes, reach no file, socket, clock, thread or chance."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import named, python_files, tree

REACHES_OUTSIDE = {
    "asyncio", "ctypes", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "random", "secrets",
    "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib.request", "flask", "PIL", "gpiozero", "luma", "httpx",
}  # fmt: skip
READS_A_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
}


def imported(module: ast.Module) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node.lineno))
    return found


@pytest.mark.parametrize("folder", ["appliance/core", "appliance/credentials"])
def test_the_rules_import_nothing_that_reaches_outside(folder: str) -> None:
    found = [
        f"{named(path, line)} {name}"
        for path in python_files(folder)
        for name, line in imported(tree(path))
        if name in REACHES_OUTSIDE or name.split(".")[0] in REACHES_OUTSIDE
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["appliance/core", "appliance/credentials"])
def test_the_rules_are_told_the_time(folder: str) -> None:
    found = [
        named(path, node.lineno)
        for path in python_files(folder)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and (getattr(node.value, "id", ""), node.attr) in READS_A_CLOCK
    ]
    assert found == []


def test_the_rules_open_no_file() -> None:
    found = [
        named(path, node.lineno)
        for path in python_files("appliance/core", "appliance/credentials")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"open", "print", "input", "exec", "eval"}
    ]
    assert found == []
