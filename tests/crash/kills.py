"""Kills the vault's process at each of its changing calls with SIGKILL, and judges what it left.

A kill keeps what the kernel already took, so this is the other half of the power cuts: the real process, really dead.
Runs by itself (`python -m tests.crash.kills`), because a process with threads must not be split.
"""

from __future__ import annotations

import os
import signal
import sys

from tests.crash.journal import Journal
from tests.crash.laboratory import Finding, Laboratory, Recorded, Tally
from tests.crash.workloads import WORKLOADS, Workload


def run() -> Tally:
    """Every workload, killed at every call."""
    lab, tally = Laboratory(), Tally()
    try:
        for workload in WORKLOADS:
            recorded, at = lab.record(workload), 0
            while (told := _killed(lab, workload, recorded, at)) is not None:
                allowed = recorded.states[max(0, told - 1) : told + 1] or recorded.states[:1]
                tally.count(lab.judge(lab.read(), allowed)[0])
                at += 1
    finally:
        lab.close()
    return tally


def _killed(lab: Laboratory, workload: Workload, recorded: Recorded, at: int) -> int | None:
    """How many acts (opening is the first) a child had acknowledged when it died at this call; None if it lived."""
    lab.lay(recorded.base)
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        _live_and_die(lab, workload, Journal(lab.folder, recorded.base), at, there)
    os.close(there)
    with os.fdopen(here, "rb") as told:
        acknowledged = len(told.read())
    _, status = os.waitpid(child, 0)
    return acknowledged if os.WIFSIGNALED(status) else None


def _live_and_die(
    lab: Laboratory, workload: Workload, journal: Journal, at: int, told: int
) -> None:
    def before(call: int) -> None:
        if call == at:
            os.kill(os.getpid(), signal.SIGKILL)

    journal.before = before
    vault = lab.start(journal)
    os.write(told, b".")
    for act in workload.acts:
        act(vault)
        os.write(told, b".")
    os._exit(0)


if __name__ == "__main__":
    said = run()
    print(f"kills {said.cuts} corrupt {said.found[Finding.CORRUPT]} bad {said.bad}")
    sys.exit(said.bad != 0)
