"""The project's own text, for the tests that read it: product files, test files, and their syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("appliance", "web", "firmware_tools")
WORDS = {
    ".py",
    ".md",
    ".toml",
    ".ini",
    ".sh",
    ".service",
    ".socket",
    ".conf",
    ".rules",
    ".html",
    ".js",
    ".css",
    ".po",
}
NOT_OURS = {".git", ".venv", "build", "node_modules", "__pycache__"}


def python_files(*folders: str) -> list[Path]:
    """Every Python file of these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def text_files() -> list[Path]:
    """Every file of ours that a person may read."""
    return sorted(
        path
        for path in _walk(ROOT)
        if path.suffix in WORDS or path.name in {"Makefile", "run", "setup"}
    )


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in NOT_OURS and not path.name.startswith(".m"):
            yield from _walk(path)
        elif path.is_file():
            yield path


def tree(path: Path) -> ast.Module:
    """The file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path, line: int = 0) -> str:
    """The file as the reader of a failure wants it."""
    place = str(path.relative_to(ROOT))
    return f"{place}:{line}" if line else place


def every_test() -> set[str]:
    """The name of every test of the house."""
    return {
        name
        for path in python_files("tests")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }
