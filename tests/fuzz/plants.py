"""A copy of a parser with one defect, made at run time: its source with one place changed, as a module of its own.

The parser itself is never touched; the copy reaches the law as a parameter.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from tests.fuzz.target import Plant, Target


def spoiled(source: str, plant: Plant) -> str:
    """The source with the defect in its one place. Raises ValueError when the place is gone or not alone."""
    if source.count(plant.before) != 1:
        raise ValueError(f"the source has no single place for the defect: {plant.before}")
    return source.replace(plant.before, plant.after)


def copied(target: Target, folder: Path) -> str:
    """Write the spoiled copy into this folder, which can then be imported from; gives the copy's name."""
    spec = find_spec(target.parser)
    if target.plant is None or spec is None or spec.origin is None:
        raise ValueError(f"{target.name} has no defect to plant")
    name = f"planted_{target.name.replace('-', '_')}"
    source = Path(spec.origin).read_text(encoding="utf-8")
    (folder / f"{name}.py").write_text(spoiled(source, target.plant), encoding="utf-8")
    return name


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """While this lasts, modules of the folder can be imported."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def planted(target: Target, folder: Path) -> ModuleType:
    """The spoiled copy, imported."""
    name = copied(target, folder)
    with importable(folder):
        return import_module(name)
