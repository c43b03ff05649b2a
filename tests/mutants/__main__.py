"""`make mutants`: the share of mutants that the tests notice, for each part that must not be wrong."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.mutants.breaking import Mutant, mutants
from tests.mutants.equivalent import EQUIVALENT, place_of
from tests.mutants.parts import PARTS
from tests.mutants.running import End, run

GOAL = 0.9
NICE = 10
RESULT = Path("build/mutants.json")


def main() -> int:
    """Try every mutant, say which ones nobody noticed, and fail below the goal."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many at a time")
    parser.add_argument("--only", default="", help="only files whose path has this in it")
    parser.add_argument("--sample", type=int, default=0, help="only so many, drawn evenly")
    options = parser.parse_args()
    if len(options.parts) > 1:
        words = (
            "--jobs",
            str(options.jobs),
            "--only",
            options.only,
            "--sample",
            str(options.sample),
        )
        return max(_in_a_process_of_its_own(part, *words) for part in options.parts)
    os.nice(NICE)
    return _one(options.parts[0], options.jobs, options.only, options.sample)


def _in_a_process_of_its_own(part: str, *words: str) -> int:
    """Nothing that one part has imported may be there when another one's mutants are."""
    return subprocess.run(
        [sys.executable, "-m", "tests.mutants", part, *words], check=False
    ).returncode


def _one(part: str, at_a_time: int, only: str, sample: int) -> int:
    _list_must_fit(part)
    mutants = [mutant for mutant in _of(part) if only in mutant.path]
    if 0 < sample < len(mutants):
        mutants = Random(sample).sample(mutants, sample)  # the same ones each time
    counted = Counting(len(mutants))
    run(mutants, PARTS[part].tests, at_a_time, counted)
    score = _score(counted.ends)
    print(
        f"mutants: {part}: {score['noticed']} of {score['mutants']} noticed, {score['score']:.1%}"
        f" (of them endless {score['endless']}; undecided {score['undecided']}, equivalent {_listed(part)})"
    )
    if not only and not sample:
        RESULT.parent.mkdir(exist_ok=True)
        before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
        RESULT.write_text(json.dumps({**before, part: score}, indent=2) + "\n")
    return 1 if score["score"] < GOAL else 0


class Counting:
    """Counts how the mutants ended, and names the survivors as they are found."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.ends: Counter[End] = Counter()

    def __call__(self, mutant: Mutant, end: End) -> None:
        """One more has ended."""
        self.ends[end] += 1
        if end in (End.SURVIVED, End.UNDECIDED):
            words = "nobody noticed" if end is End.SURVIVED else "hung without working"
            print(f"mutants: {words} {mutant.path}:{mutant.line}: {mutant.how}", flush=True)
        if self.ends.total() % 50 == 0:
            print(f"mutants: {self.ends.total()} of {self._count} tried", flush=True)


def _listed(part: str) -> int:
    return sum(place[0] in PARTS[part].files for place in EQUIVALENT)


def _score(ends: Counter[End]) -> dict[str, float]:
    """A run without end is noticed by whoever waits for it; one that only hung proves nothing and counts against us."""
    noticed = ends[End.NOTICED] + ends[End.ENDLESS]
    return {
        "mutants": ends.total(),
        "noticed": noticed,
        "endless": ends[End.ENDLESS],
        "undecided": ends[End.UNDECIDED],
        "score": round(noticed / max(1, ends.total()), 3),
    }


def _list_must_fit(part: str) -> None:
    """An entry of the list of equivalents that fits no mutant any more hides nothing, and misleads."""
    listed = [place for place in EQUIVALENT if place[0] in PARTS[part].files]
    if not listed:
        return
    places = {place_of(mutant) for path in PARTS[part].files for mutant in _all(path)}
    gone = [place for place in listed if place not in places]
    if gone:
        raise SystemExit(f"mutants: no such mutant any more: {gone}")


def _all(path: str) -> Iterator[Mutant]:
    return mutants(path, Path(path).read_text())


def _of(part: str) -> Iterator[Mutant]:
    for path in PARTS[part].files:
        yield from (mutant for mutant in _all(path) if place_of(mutant) not in EQUIVALENT)


if __name__ == "__main__":
    sys.exit(main())
