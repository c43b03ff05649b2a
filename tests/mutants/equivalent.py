"""The mutants that change nothing anybody could observe, each with its reason; they count neither way.

An entry names the file, the line as it is written, and the change. One that no longer fits any mutant fails the run, so
the list cannot outlive the code.
"""

from __future__ import annotations

from tests.mutants.breaking import Mutant

Place = tuple[str, str, str]
VAULT = "appliance/authenticator/vault"
ANY_WIDTH = "the sum is read back with int.from_bytes, which takes any width"
EQUIVALENT: dict[Place, str] = {
    (
        f"{VAULT}_file.py",
        "file.execute(PUT, (TOTAL, newest, *new.close(TOTAL, newest, total.to_bytes(32))))",
        "32 -> 33",
    ): ANY_WIDTH,
    (
        f"{VAULT}_rows.py",
        "self._store(TOTAL, version, total.to_bytes(32))",
        "32 -> 33",
    ): ANY_WIDTH,
}


def place_of(mutant: Mutant) -> Place:
    """How the list names this mutant."""
    return (mutant.path, mutant.text, mutant.how)
