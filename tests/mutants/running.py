"""Runs the tests against one mutant in a process of its own, split off where the tests stand ready to begin.

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
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from types import CodeType, ModuleType
from typing import TypeVar

import pytest

from tests.mutants.breaking import Mutant
from tests.mutants.in_place import break_in_place, changed

ENDLESS, FOR_EVER = 60, 1800
ROOM = 4 << 30
QUIETLY = (
    "-x",
    "-s",
    "-p",
    "no:terminal",
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


Told = Callable[[Mutant, End], None]
T = TypeVar("T")


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


class Plainly:
    """A pytest plugin: plain tests are called as the functions they are, the nearest to the mutant first."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        session.items[:] = _run_plain(_nearest_first(session.items, self._mutant))


class Splitting:
    """A pytest plugin: once everything is collected, a process splits off for each mutant and runs it all."""

    def __init__(self, mutants: Sequence[Mutant], at_a_time: int, told: Told, folder: str) -> None:
        self._mutants, self._at_a_time, self._told = mutants, at_a_time, told
        self._folder = folder
        self.is_child = False
        self.unbroken = End.UNDECIDED

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """True in the parent, which has run nothing; None in a child, where pytest goes on."""

        def begin(mutant: Mutant | None) -> int:
            child = os.fork()
            if child == 0:
                self.is_child = True
                _limited()
                tempfile.tempdir = tempfile.mkdtemp(dir=self._folder)
                if mutant is not None:
                    break_in_place(mutant)
                    session.items[:] = _nearest_first(session.items, mutant)
                session.items[:] = _run_plain(session.items)
            return child

        def told(mutant: Mutant | None, end: End) -> None:
            if mutant is None:
                self.unbroken = end
            else:
                self._told(mutant, end)

        gc.freeze()
        if not _rounds([None], 1, begin, told):
            return None
        wanted = self._mutants if self.unbroken is End.SURVIVED else []
        return True if _rounds(wanted, self._at_a_time, begin, told) else None


def _nearest_first(items: Sequence[pytest.Item], mutant: Mutant) -> list[pytest.Item]:
    """The table of steps notices most and is quick; then what is named like the module; long lists of cases last."""
    stem = Path(mutant.path).stem
    return sorted(
        items,
        key=lambda item: (
            "test_steps" not in item.nodeid,
            stem not in item.nodeid,
            "[" in item.name,
        ),
    )


def _run_plain(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Call each test that needs no fixture as the function it is; end at the first that fails, and give the rest."""
    left = []
    for item in items:
        assert isinstance(item, pytest.Function)
        given = item.callspec.params if hasattr(item, "callspec") else {}
        if set(item.fixturenames) - given.keys():
            left.append(item)
            continue
        try:
            item.obj(**given)
        except Exception:  # noqa: BLE001 - whatever it is, the mutant is noticed
            os._exit(1)
    return left


def run(mutants: Sequence[Mutant], tests: Sequence[str], at_a_time: int, told: Told) -> None:
    """Try the tests on every mutant, and on the unbroken code before; `told` hears of each end."""
    anew, in_place = _sorted(mutants)
    _rounds(anew, at_a_time, lambda mutant: _start(mutant, tests), told)
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=_memory()) as folder:
        splitting = Splitting(in_place, at_a_time, told, folder)
        said = int(pytest.main([*QUIETLY, *tests], plugins=[splitting]))
        if splitting.is_child:
            os._exit(said)
        if splitting.unbroken is not End.SURVIVED:
            # tests that fail on the whole code would notice every mutant, and prove nothing
            raise SystemExit(f"mutants: on the unbroken code the tests end {splitting.unbroken}")


def _sorted(mutants: Sequence[Mutant]) -> tuple[list[Mutant], list[Mutant]]:
    """Those whose module must be read anew, and those that are broken where they stand."""
    kinds: tuple[list[Mutant], list[Mutant]] = [], []
    for mutant in mutants:
        kinds[changed(mutant) is not None].append(mutant)
    return kinds


def _rounds(
    mutants: Sequence[T], at_a_time: int, begin: Callable[[T], int], told: Callable[[T, End], None]
) -> bool:
    """So many at a time; False in a process that has just split off."""
    waiting, running = list(reversed(mutants)), dict[int, T]()
    while waiting or running:
        while waiting and len(running) < at_a_time:
            mutant = waiting.pop()
            child = begin(mutant)
            if child == 0:
                return False
            running[child] = mutant
        child, status = os.wait()
        told(running.pop(child), _how_it_ended(status))
    return True


def _start(mutant: Mutant, tests: Sequence[str]) -> int:
    """A process that reads the mutant when it reads its module for the first time."""
    child = os.fork()
    if child:
        return child
    _limited()
    name = mutant.path.removesuffix(".py").replace("/", ".")
    code = compile(mutant.tree, mutant.path, "exec")
    sys.meta_path.insert(0, Replaced(name, code, Path(mutant.path).resolve()))
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        words = [*QUIETLY, f"--basetemp={folder}/t", *tests]
        said = int(pytest.main(words, plugins=[Plainly(mutant)]))
    os._exit(said)


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (ENDLESS, ENDLESS + 10))
    resource.setrlimit(resource.RLIMIT_DATA, (ROOM, ROOM))
    signal.alarm(FOR_EVER)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _how_it_ended(status: int) -> End:
    """What the wait status says; a crash counts as noticed, a run that only hung does not."""
    if os.WIFSIGNALED(status):
        by = {signal.SIGXCPU: End.ENDLESS, signal.SIGALRM: End.UNDECIDED}
        return by.get(signal.Signals(os.WTERMSIG(status)), End.NOTICED)
    return End.SURVIVED if os.WEXITSTATUS(status) == pytest.ExitCode.OK else End.NOTICED
