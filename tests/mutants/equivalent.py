"""The mutants that change nothing anybody could observe, each with its reason; they count neither way.

An entry names the file, the line as it is written, and the change. One that no longer fits any mutant fails the run, so
the list cannot outlive the code.
"""

from __future__ import annotations

from tests.mutants.breaking import Mutant

Place = tuple[str, str, str]
EQUIVALENT: dict[Place, str] = {}


def place_of(mutant: Mutant) -> Place:
    """How the list names this mutant."""
    return (mutant.path, mutant.text, mutant.how)
