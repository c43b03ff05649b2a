"""`make bench`: every figure beside its peer's, in one run, as a table and in build/bench.json."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.bench.table import Row, met, written

PARTS = ("panel", "device", "scan", "portal", "push")
RESULT = Path("build/bench.json")


def main(wanted: list[str]) -> int:
    """Measure the wanted parts (all of them when none is named); 1 when a goal is not met."""
    table: dict[str, Row] = {}
    for part in wanted or PARTS:
        name = f"tests.bench.{part}"
        if find_spec(name) is None:
            sys.stdout.write(f"there is no bench of {part}\n")
            continue
        sys.stdout.write(f"measuring: {part}\n")
        sys.stdout.flush()
        table |= import_module(name).rows()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(table, indent=1) + "\n")
    sys.stdout.write(f"{written(table)}\nwritten to {RESULT}\n")
    return int(any(met(one) is False for one in table.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
