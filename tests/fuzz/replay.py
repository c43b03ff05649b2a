"""Replays a corpus under coverage.py and says which part of a parser's branches it reached. Runs in a fresh process.

A file that breaks its law ends the replay: a corpus is also a list of what was once wrong.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import coverage

from tests.fuzz.target import Law, Target
from tests.fuzz.targets import BY_NAME


@dataclass(frozen=True, slots=True)
class Reach:
    """How many branches of a parser's module were taken; lines where a module has no branches."""

    module: str
    taken: int
    of: int
    kind: str
    missing: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """From 0 to 100."""
        return 100.0 * self.taken / max(1, self.of)

    def __str__(self) -> str:
        return f"{self.percent:5.1f} %"


def files_of(target: Target, further: Path | None = None) -> list[Path]:
    """The seeds of a target, and what a run has found since."""
    folders = [target.seeds] + ([further] if further and further.is_dir() else [])
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]


def origin(module: str) -> str:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"there is no module {module}")
    return spec.origin


def replayed(law: Law, files: Iterable[Path]) -> None:
    """Every file through the law."""
    for path in files:
        try:
            law(path.read_bytes())
        except Exception as broken:
            broken.add_note(f"the input is {path}")
            raise


def reach(module: str, names: Iterable[str], further: Path | None = None) -> Reach:
    """What the corpora of these targets reach of this module."""
    measure = coverage.Coverage(
        branch=True, data_file=None, include=[origin(module)], config_file=False
    )
    measure.start()
    try:
        for name in names:
            target = BY_NAME[name]
            found = further / name if further else None
            replayed(target.load(), files_of(target, found))
    finally:
        measure.stop()
    return _counted(measure, module)


def _counted(measure: coverage.Coverage, module: str) -> Reach:
    analysis = measure._analyze(origin(module))
    numbers = analysis.numbers
    if not numbers.n_branches:
        missing = tuple(str(line) for line in sorted(analysis.missing))
        return Reach(module, numbers.n_executed, numbers.n_statements, "lines", missing)
    arcs = analysis.missing_branch_arcs()
    missing = tuple(f"{line}->{to}" for line, ends in sorted(arcs.items()) for to in ends)
    return Reach(module, numbers.n_executed_branches, numbers.n_branches, "branches", missing)
