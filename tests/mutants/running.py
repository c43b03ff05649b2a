"""Runs the tests against one mutant in a process of its own, split off before any of our code is imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants.breaking import Mutant

PATIENCE = 120
MEMORY = Path("/dev/shm")
QUIETLY = (
    "-x",
    "-q",
    "-o",
    "addopts=--import-mode=importlib",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
)


class Replaced(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives out the mutant when its module is imported, and nothing else."""

    def __init__(self, name: str, code: CodeType, path: Path) -> None:
        self._name, self._code, self._path = name, code, path

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102


def start(mutant: Mutant, tests: Sequence[str]) -> int:
    """The number of the process that tries these tests on this mutant."""
    child = os.fork()
    if child:
        return child
    signal.alarm(PATIENCE)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    name = mutant.path.removesuffix(".py").replace("/", ".")
    code = compile(mutant.tree, mutant.path, "exec")
    sys.meta_path.insert(0, Replaced(name, code, Path(mutant.path).resolve()))
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        said = int(pytest.main([*QUIETLY, f"--basetemp={folder}/t", *tests]))
    os._exit(said)


def survived(status: int) -> bool:
    """Whether all tests passed; a crash or a test that never ended counts as noticed."""
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == pytest.ExitCode.OK
