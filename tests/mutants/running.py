"""Runs the tests against one mutant in a process of its own, split off before any of our code is imported.

What ends a run that does not end by itself is its processor time: a machine that is busy with something else makes a
run slow, and never makes a mutant look noticed.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants.breaking import Mutant

ENDLESS, FOR_EVER = 60, 1800
ROOM = 4 << 30
MEMORY = Path("/dev/shm")
QUIETLY = (
    "-x",
    "-q",
    "-o",
    "addopts=--import-mode=importlib",
    "-o",
    "timeout=0",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
)


class End(Enum):
    """How one run ended. ENDLESS: it used up its processor time; UNDECIDED: it neither ended nor worked."""

    NOTICED = "noticed"
    ENDLESS = "endless"
    SURVIVED = "survived"
    UNDECIDED = "undecided"


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
    gc.freeze()
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_CPU, (ENDLESS, ENDLESS + 10))
    resource.setrlimit(resource.RLIMIT_DATA, (ROOM, ROOM))
    signal.alarm(FOR_EVER)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    name = mutant.path.removesuffix(".py").replace("/", ".")
    code = compile(mutant.tree, mutant.path, "exec")
    sys.meta_path.insert(0, Replaced(name, code, Path(mutant.path).resolve()))
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        said = int(pytest.main([*QUIETLY, f"--basetemp={folder}/t", *tests]))
    os._exit(said)


def how_it_ended(status: int) -> End:
    """What the wait status says; a crash counts as noticed, a run that only hung does not."""
    if os.WIFSIGNALED(status):
        by = {signal.SIGXCPU: End.ENDLESS, signal.SIGALRM: End.UNDECIDED}
        return by.get(signal.Signals(os.WTERMSIG(status)), End.NOTICED)
    return End.SURVIVED if os.WEXITSTATUS(status) == pytest.ExitCode.OK else End.NOTICED
