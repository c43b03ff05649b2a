"""`python -m tests.fuzz`: every target for some seconds, two at a time, with a table; `--planted`: the defects.

Exits with 1 when a law was broken (or, with --planted, when a defect was not found in time).
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from tests.fuzz import engine, runs
from tests.fuzz.measured import MEASURED
from tests.fuzz.target import Target
from tests.fuzz.targets import BY_NAME, TARGETS

LONGEST = 60.0


def main(words: Sequence[str] | None = None) -> int:
    """Do what the options say."""
    options = _options().parse_args(words)
    logging.disable()
    if options.reach:
        return _reach(options.reach, options.further)
    if options.one:
        target = BY_NAME[options.one]
        broken = runs.BUILD / "broken" / ("planted" if options.planted else target.name)
        kept = runs.FOUND / target.name
        engine.run(
            engine.Job(target, options.seconds, kept, broken, options.planted), options.engine
        )
        return 0
    targets = [BY_NAME[name] for name in options.target] or list(TARGETS)
    if options.planted:
        return _plants([target for target in targets if target.plant], options)
    return _table(targets, options)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", choices=[*BY_NAME, []])
    parser.add_argument("--seconds", type=float, default=LONGEST)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--planted", action="store_true", help="look for the planted defects")
    parser.add_argument("--engine", choices=["atheris", "built-in"], default=engine.available())
    parser.add_argument("--reach", choices=list(MEASURED), help="measure one module")
    parser.add_argument("--further", action="store_true", help="with what runs have found since")
    parser.add_argument("--one", choices=list(BY_NAME), help=argparse.SUPPRESS)
    return parser


def _reach(module: str, further: bool) -> int:
    from tests.fuzz.replay import reach

    found = reach(module, MEASURED[module], runs.FOUND if further else None)
    missing = f", not: {' '.join(found.missing)}" if found.missing else ""
    print(f"{found.percent:.1f} % of {found.of} {found.kind}{missing}")
    return 0


def _table(targets: Sequence[Target], options: argparse.Namespace) -> int:
    print(f"engine: {options.engine}; {options.seconds:.0f} s each, {options.processes} at a time")
    print(f"{'target':14}{'executions':>12}{'per second':>12}  {'crashes':>7}  coverage")
    crashes = 0

    def act(target: Target) -> runs.Row:
        return runs.searched(target, options.seconds, planted=False, engine=options.engine)

    for row in runs.in_parallel(targets, options.processes, act):
        crashes += row.broken or row.failed
        covered = runs.reached(BY_NAME[row.name].parser, further=True)
        print(f"{row.name:14}{row.executions:12,}{row.rate:12,.0f}  {int(row.broken):7}  {covered}")
        if row.broken or row.failed:
            print(f"{'':14}{row.said or 'the process failed'}; see build/fuzz/{row.name}.log")
        sys.stdout.flush()
    return 1 if crashes else 0


def _plants(targets: Sequence[Target], options: argparse.Namespace) -> int:
    print(f"engine: {options.engine}; at most {min(options.seconds, LONGEST):.0f} s each")
    print(f"{'planted in':14}{'seconds':>8}{'executions':>12}  found by")
    missed = 0

    def act(target: Target) -> runs.Row:
        seconds = min(options.seconds, LONGEST)
        return runs.searched(target, seconds, planted=True, engine=options.engine)

    for row in runs.in_parallel(targets, options.processes, act):
        missed += not row.broken
        said = row.said if row.broken else "NOT FOUND"
        print(f"{row.name:14}{row.seconds:8.1f}{row.executions:12,}  {said}")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
