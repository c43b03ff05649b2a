"""What a fuzz target is: a name, the law, the parser it is about, and a defect that must be found.

Nothing is imported here but names, so that an engine can prepare the imports before they happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from inspect import isclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

CORPUS = Path(__file__).parent / "corpus"


class Law(Protocol):
    """Takes any bytes; raises only when the parser under it broke its promise."""

    def __call__(self, untrusted: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Plant:
    """A defect: this place in the parser's source, and what stands there instead."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Target:
    """One parser under one law. `below` are libraries whose branches should guide the search too."""

    name: str
    law: str
    parser: str
    plant: Plant | None
    below: tuple[str, ...] = ()

    def load(self, parser: ModuleType | None = None) -> Law:
        """The law over its parser, or over this copy of it."""
        place, _, name = self.law.partition(":")
        law: Any = getattr(import_module(f"tests.fuzz.{place}"), name)
        copy = parser or import_module(self.parser)
        return cast("Law", law(copy)) if isclass(law) else lambda untrusted: law(untrusted, copy)

    @property
    def seeds(self) -> Path:
        """The folder of its corpus."""
        return CORPUS / self.name
