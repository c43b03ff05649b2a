"""One process of the device: started, noticed when it dies, started again with growing patience.

A process that keeps dying is left alone after a number of starts in a minute, as systemd would leave it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

_MOST_STARTS = 10
_WITHIN = 60.0
_PATIENCE = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0)


def spawn(
    command: Sequence[str], log: IO[bytes], pipe: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a process that dies with us; it writes to the log alone, and `pipe` is its input and output."""
    setpriv = shutil.which("setpriv")
    bound = [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
    return subprocess.Popen(
        [*bound, *command],
        stdin=pipe,
        stdout=log if pipe == subprocess.DEVNULL else pipe,
        stderr=log,
        start_new_session=True,
        env=os.environ | {"NO_PROXY": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"},
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it as a power cut does, and wait until it is gone."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()


@dataclass(slots=True)
class Child:
    """A process that should run; times are monotonic seconds."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    due: float | None = None
    starts: deque[float] = field(default_factory=deque)

    @property
    def state(self) -> str:
        """How it is, in one word."""
        if self.process is not None:
            return "running"
        if self.due is not None:
            return "waiting"
        return "failed" if self.starts else "off"

    def start(self, now: float, log: IO[bytes]) -> None:
        """Start it now."""
        self.starts.append(now)
        self.due = None
        self.process = spawn(self.command, log)

    def died(self, now: float) -> None:
        """It is gone: plan its next start, unless it has had too many."""
        self.process = None
        while self.starts and now - self.starts[0] > _WITHIN:
            self.starts.popleft()
        if len(self.starts) < _MOST_STARTS:
            tried = max(1, len(self.starts))
            self.due = now + _PATIENCE[min(tried, len(_PATIENCE)) - 1]

    def cut(self) -> None:
        """No power: dead now, and no next start."""
        process, self.process, self.due = self.process, None, None
        self.starts.clear()
        if process is not None:
            kill(process)
