"""`make mutants`: the share of mutants that the tests notice, for each part that must not be wrong."""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.mutants.breaking import Mutant, mutants
from tests.mutants.running import start, survived

GOAL = 0.9
LONG = "(random_life or however_long or digits_of_the_time_are_shown or word_fits)"
QUICK = "test_vault or (test_power_cuts and (reset or start) and not control) or (test_faults and reset and EIO)"
RESULT = Path("build/mutants.json")
VAULT = ("tests/authenticator/test_vault.py", "tests/authenticator/test_vault_laws.py")
STEP = tuple(
    f"tests/core/test_{name}.py"
    for name in (
        "sign_in_flow",
        "pin_flow",
        "home_flow",
        "panel_rest",
        "key_sets",
        "signals",
        "other_stories",
        "waiting_stories",
        "enrolment_flow",
        "laws",
    )
)
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "step": (
        (
            "appliance/core/desk.py",
            "appliance/core/flows/sign_in.py",
            "appliance/core/flows/answering.py",
        ),
        (*STEP, "-k", f"not {LONG}"),
    ),
    "vault": (
        tuple(
            f"appliance/authenticator/{name}.py"
            for name in ("vault", "vault_rows", "vault_file", "vault_seal", "vault_folder")
        ),
        (*VAULT, "tests/crash/test_power_cuts.py", "tests/crash/test_faults.py", "-k", QUICK),
    ),
    "clock_trust": (
        ("appliance/core/clock_trust.py",),
        (
            "tests/core/test_clock_trust.py",
            "tests/hardware/test_clock_trust.py",
            "-k",
            f"not {LONG}",
        ),
    ),
    "one_time_codes": (
        ("appliance/credentials/one_time_codes.py",),
        ("tests/credentials/test_one_time_codes.py",),
    ),
}


def main() -> int:
    """Try every mutant, say which ones nobody noticed, and fail below the goal."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    chosen = parser.parse_args().parts
    for part in chosen:
        _must_pass_unbroken(part)
    jobs = [(part, mutant) for part in chosen for mutant in _of(part)]
    tried: Counter[str] = Counter(part for part, _ in jobs)
    noticed = _try(jobs)
    scores = {
        part: {"mutants": count, "noticed": noticed[part], "score": round(noticed[part] / count, 3)}
        for part, count in tried.items()
    }
    for part, score in scores.items():
        print(
            f"mutants: {part}: {score['noticed']} of {score['mutants']} noticed, {score['score']:.1%}"
        )
    RESULT.parent.mkdir(exist_ok=True)
    before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    RESULT.write_text(json.dumps({**before, **scores}, indent=2) + "\n")
    return 1 if any(score["score"] < GOAL for score in scores.values()) else 0


def _must_pass_unbroken(part: str) -> None:
    """Tests that fail on the whole code would notice every mutant, and prove nothing."""
    path = PARTS[part][0][0]
    whole = Mutant(path, 0, "unbroken", ast.parse(Path(path).read_text()))
    _, status = os.waitpid(start(whole, _tests(part)), 0)
    if not survived(status):
        raise SystemExit(f"mutants: the tests of {part} fail on the unbroken code")


def _tests(part: str) -> list[str]:
    return [word for word in PARTS[part][1] if "/test_" not in word or Path(word).exists()]


def _of(part: str) -> Iterator[Mutant]:
    for path in PARTS[part][0]:
        yield from mutants(path, Path(path).read_text())


def _try(jobs: list[tuple[str, Mutant]]) -> Counter[str]:
    """As many at a time as there are cores."""
    noticed: Counter[str] = Counter()
    running: dict[int, tuple[str, Mutant]] = {}
    waiting, ended = list(reversed(jobs)), 0
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            part, mutant = waiting.pop()
            running[start(mutant, _tests(part))] = (part, mutant)
        child, status = os.wait()
        part, mutant = running.pop(child)
        ended += 1
        if survived(status):
            print(f"mutants: nobody noticed {mutant.path}:{mutant.line}: {mutant.how}", flush=True)
        else:
            noticed[part] += 1
        if ended % 50 == 0:
            print(f"mutants: {ended} of {len(jobs)} tried", flush=True)
    return noticed


if __name__ == "__main__":
    sys.exit(main())
