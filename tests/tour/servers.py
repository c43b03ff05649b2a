"""The product's own commands, started as a person would start them, and stopped again."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

READY = re.compile(r"ready (http://127\.0\.0\.1:\d+)")
BIN = Path(sys.executable).parent


@dataclass
class Server:
    """One command that serves; `lines` holds what it said, each with the time it was read."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[tuple[float, str]] = field(default_factory=list)

    def said(self, part: str) -> list[float]:
        """When a line with this part was read, in Unix seconds."""
        return [at for at, line in self.lines if part in line]

    def log(self) -> str:
        """Everything it said."""
        return "\n".join(line for _, line in self.lines)


@contextmanager
def serving(*command: str, patience: float = 60.0) -> Iterator[Server]:
    """Start a command, wait until it says that it is ready, and stop it with its children at the end."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    server, ready = Server(process), queue.Queue[str]()
    reader = threading.Thread(target=_read, args=(server, ready), daemon=True)
    reader.start()
    try:
        server.url = _url(server, ready, patience)
        yield server
    finally:
        _stop(process)
        reader.join(5.0)
        if process.stdout is not None:
            process.stdout.close()


def _read(server: Server, ready: queue.Queue[str]) -> None:
    assert server.process.stdout is not None
    for line in server.process.stdout:
        server.lines.append((time.time(), line.rstrip()))
        found = READY.search(line)
        if found:
            ready.put(found[1])
    ready.put("")


def _url(server: Server, ready: queue.Queue[str], patience: float) -> str:
    try:
        url = ready.get(timeout=patience)
    except queue.Empty:
        url = ""
    if not url:
        raise RuntimeError(f"{server.process.args} did not start:\n{server.log()}")
    return url


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10.0)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5.0)
