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
from tests.mutants.equivalent import EQUIVALENT, place_of
from tests.mutants.parts import PARTS
from tests.mutants.running import End, how_it_ended, start

GOAL = 0.9
NICE = 10
RESULT = Path("build/mutants.json")
Counts = dict[str, Counter[End]]


def main() -> int:
    """Try every mutant, say which ones nobody noticed, and fail below the goal."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many at a time")
    parser.add_argument("--only", default="", help="only files whose path has this in it")
    options = parser.parse_args()
    os.nice(NICE)
    jobs = [(part, m) for part in options.parts for m in _of(part) if options.only in m.path]
    for part in options.parts:
        _must_pass_unbroken(part)
        _list_must_fit(part)
    counts = _try(jobs, options.jobs)
    scores = {part: _score(ends) for part, ends in counts.items()}
    for part, score in scores.items():
        print(
            f"mutants: {part}: {score['noticed']} of {score['mutants']} noticed, {score['score']:.1%}"
            f" (of them endless {score['endless']}; undecided {score['undecided']})"
        )
    RESULT.parent.mkdir(exist_ok=True)
    before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    RESULT.write_text(json.dumps({**before, **scores}, indent=2) + "\n")
    return 1 if any(score["score"] < GOAL for score in scores.values()) else 0


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


def _must_pass_unbroken(part: str) -> None:
    """Tests that fail on the whole code would notice every mutant, and prove nothing."""
    path = PARTS[part].files[0]
    whole = Mutant(path, 0, "unbroken", ast.parse(Path(path).read_text()))
    _, status = os.waitpid(start(whole, PARTS[part].tests), 0)
    ended = how_it_ended(status)
    if ended is not End.SURVIVED:
        raise SystemExit(f"mutants: on the unbroken code the tests of {part} end {ended.value}")


def _list_must_fit(part: str) -> None:
    """An entry of the list of equivalents that fits no mutant any more hides nothing, and misleads."""
    places = {place_of(mutant) for path in PARTS[part].files for mutant in _all(path)}
    gone = [place for place in EQUIVALENT if place[0] in PARTS[part].files and place not in places]
    if gone:
        raise SystemExit(f"mutants: no such mutant any more: {gone}")


def _all(path: str) -> Iterator[Mutant]:
    return mutants(path, Path(path).read_text())


def _of(part: str) -> Iterator[Mutant]:
    for path in PARTS[part].files:
        yield from (mutant for mutant in _all(path) if place_of(mutant) not in EQUIVALENT)


def _try(jobs: list[tuple[str, Mutant]], at_a_time: int) -> Counts:
    """So many at a time; survivors are named as they are found."""
    counts: Counts = {part: Counter() for part, _ in jobs}
    running: dict[int, tuple[str, Mutant]] = {}
    waiting, ended = list(reversed(jobs)), 0
    while waiting or running:
        while waiting and len(running) < at_a_time:
            part, mutant = waiting.pop()
            running[start(mutant, PARTS[part].tests)] = (part, mutant)
        child, status = os.wait()
        part, mutant = running.pop(child)
        end, ended = how_it_ended(status), ended + 1
        counts[part][end] += 1
        if end in (End.SURVIVED, End.UNDECIDED):
            words = "nobody noticed" if end is End.SURVIVED else "hung without working"
            print(f"mutants: {words} {mutant.path}:{mutant.line}: {mutant.how}", flush=True)
        if ended % 50 == 0:
            print(f"mutants: {ended} of {len(jobs)} tried", flush=True)
    return counts


if __name__ == "__main__":
    sys.exit(main())
