"""Breaks a module that is already imported: the code of its functions is exchanged, everything else stays as it is.

Possible wherever a mutant changes functions only; a changed constant or default needs the module to be read anew.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutants.breaking import Mutant


def changed(mutant: Mutant) -> dict[str, CodeType] | None:
    """The functions that the mutant changes, by qualified name; None when it changes anything else."""
    before = _whole(mutant.path)
    after = dict(_parts(compile(mutant.tree, mutant.path, "exec")))
    other = [name for name in before if before[name] != after.get(name)]
    if before.keys() != after.keys() or not other:
        return None
    functions = {name: after[name] for name in other if _is_function(after[name])}
    return functions if len(functions) == len(other) else None


def break_in_place(mutant: Mutant) -> None:
    """Exchange them in the module as it is imported in this process."""
    module = importlib.import_module(mutant.path.removesuffix(".py").replace("/", "."))
    for name, code in (changed(mutant) or {}).items():
        found: object = module
        for part in name.split("."):
            found = inspect.getattr_static(found, part)
        _function_of(found).__code__ = code


def _function_of(found: object) -> FunctionType:
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, staticmethod | classmethod):
        found = found.__func__
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        found = found.__wrapped__  # type: ignore[attr-defined]
    return found


@cache
def _whole(path: str) -> dict[str, CodeType]:
    return dict(_parts(compile(ast.parse(Path(path).read_text()), path, "exec")))


def _parts(code: CodeType, name: str = "") -> Iterator[tuple[str, CodeType]]:
    """The module, its classes and its functions; what is defined inside a function belongs to it."""
    inside = [each for each in code.co_consts if isinstance(each, CodeType)]
    if _is_function(code):
        yield name, code
        return
    bare = tuple(each for each in code.co_consts if not isinstance(each, CodeType))
    yield name, code.replace(co_consts=bare)
    for number, each in enumerate(inside):
        own = each.co_name if each.co_name.isidentifier() else f"<{number}>"
        yield from _parts(each, f"{name}.{own}" if name else own)


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and code.co_name.isidentifier()
