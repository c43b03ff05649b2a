"""Many targets at once: each in a process of its own, a few at a time, and a table of how they did."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.engine import BROKEN, EXECUTIONS
from tests.fuzz.target import Target
from tests.house.source import ROOT

BUILD = ROOT / "build" / "fuzz"
FOUND = BUILD / "found"
PATIENCE = 60.0
STUCK = 124


@dataclass(frozen=True, slots=True)
class Row:
    """How one target did. `seconds` is the whole process, from its start to its end."""

    name: str
    executions: int
    seconds: float
    broken: bool
    said: str
    failed: bool = False

    @property
    def rate(self) -> float:
        """Executions a second."""
        return self.executions / max(self.seconds, 0.001)


def searched(target: Target, seconds: float, planted: bool, engine: str) -> Row:
    """Run one target in a process of its own."""
    command = [sys.executable, "-m", "tests.fuzz", "--one", target.name]
    command += ["--seconds", str(seconds), "--engine", engine, *(["--planted"] if planted else [])]
    BUILD.mkdir(parents=True, exist_ok=True)
    log = BUILD / f"{target.name}{'-planted' if planted else ''}.log"
    began = time.monotonic()
    with log.open("wb") as out:
        try:
            code = subprocess.run(
                command, cwd=ROOT, stdout=out, stderr=out, check=False, timeout=seconds + PATIENCE
            ).returncode
        except subprocess.TimeoutExpired:
            code = STUCK
    return _row(target.name, code, time.monotonic() - began, log)


def _row(name: str, code: int, seconds: float, log: Path) -> Row:
    said = log.read_text(encoding="utf-8", errors="replace")
    counts = re.findall(rf"{re.escape(EXECUTIONS)}\s*(\d+)", said) or re.findall(r"#(\d+)", said)
    errors = re.findall(r"Uncaught Python exception: ===\n(.*)", said)
    errors += re.findall(r"^(?:[\w.]*\.)?((?:[A-Z]\w+)(?:: .*)?)$", said, re.MULTILINE)[-1:]
    errors += re.findall(r"ERROR: libFuzzer: (?:timeout|out-of-memory|deadly signal).*", said)
    signs = ("ERROR: libFuzzer: ", "Uncaught Python exception", "LawBroken")
    broken = code == BROKEN or (code != 0 and any(sign in said for sign in signs))
    return Row(
        name=name,
        executions=int(counts[-1]) if counts else 0,
        seconds=seconds,
        broken=broken,
        said=errors[0] if errors else "",
        failed=code != 0 and not broken,
    )


def in_parallel(
    targets: Iterable[Target], processes: int, act: Callable[[Target], Row]
) -> Iterator[Row]:
    """The rows in the order of the targets, so many processes at a time."""
    with ThreadPoolExecutor(processes) as pool:
        yield from pool.map(act, targets)


def reached(module: str, further: bool) -> str:
    """What the corpora reach of a module, measured in a fresh process: `98.0 % of 50 branches`."""
    command = [sys.executable, "-m", "tests.fuzz", "--reach", module]
    done = subprocess.run(
        command + (["--further"] if further else []),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()[-300:]
