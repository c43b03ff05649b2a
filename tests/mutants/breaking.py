"""Every small way to break a module: comparisons, arithmetic, logic, numbers, switches, guards and whole branches.

Docstrings, annotations, decorators and constants of type `str` are left alone: a mutant must change what the code does.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Add,
}
TRUE, FALSE = ast.Constant(value=True), ast.Constant(value=False)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken copy of a module: where, what stood there, and how it was broken."""

    path: str
    line: int
    how: str
    tree: ast.Module
    text: str = ""


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Every mutant of this module."""
    counts = [len(list(_ways(node))) for node in _places(ast.parse(source))]
    for place, count in enumerate(counts):
        for way in range(count):
            tree = ast.parse(source)
            node = next(islice(_places(tree), place, None))
            how, change = next(islice(_ways(node), way, None))
            line = getattr(node, "lineno", getattr(getattr(node, "pattern", None), "lineno", 0))
            change()
            text = source.splitlines()[line - 1].strip() if line else ""
            yield Mutant(path, line, how, ast.fix_missing_locations(tree), text)


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node whose change would change what the code does."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "type_params", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _places(child)


Way = tuple[str, Callable[[], None]]


def _ways(node: ast.AST) -> Iterator[Way]:  # noqa: C901 - one match, a line a way
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARE:
            other = COMPARE[type(op)]
            yield (
                f"{type(op).__name__} -> {other.__name__}",
                lambda: setattr(node, "ops", [other()]),
            )
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            changed = ARITHMETIC[type(op)]
            yield (
                f"{type(op).__name__} -> {changed.__name__}",
                lambda: setattr(node, "op", changed()),
            )
        case ast.BoolOp(op=op):
            swapped = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{type(op).__name__} swapped", lambda: setattr(node, "op", swapped)
        case ast.UnaryOp(op=ast.Not()):
            yield "not dropped", lambda: setattr(node, "op", ast.Not()) or _double(node)
        case ast.Constant(value=bool() as value):
            yield f"{value} -> {not value}", lambda: setattr(node, "value", not value)
        case ast.Constant(value=int() | float() as value):
            yield f"{value} -> {value + 1}", lambda: setattr(node, "value", value + 1)
        case ast.If() | ast.IfExp():
            yield "always", lambda: setattr(node, "test", copy.copy(TRUE))
            yield "never", lambda: setattr(node, "test", copy.copy(FALSE))
        case ast.match_case(guard=guard):
            if guard is not None:
                yield "guard dropped", lambda: setattr(node, "guard", None)
            yield "case never", lambda: setattr(node, "guard", copy.copy(FALSE))
        case ast.Expr(value=ast.Call()):
            yield "call dropped", lambda: setattr(node, "value", ast.Constant(value=None))


def _double(node: ast.UnaryOp) -> None:
    node.operand = ast.UnaryOp(op=ast.Not(), operand=node.operand)
