"""The console: a serial line (USB gadget or UART) on one side, the control socket on the other.

It has the one tty and no network; it keeps nothing and writes no log text on the line. It ends when the line hangs up
and is started with the next one.
"""

from __future__ import annotations

import argparse
import os
import select
import time
import tty
from collections.abc import Callable
from pathlib import Path

from appliance.console.guest import Guest
from appliance.console.line import Line
from appliance.wire.client import Caller, ControlClient
from appliance.wire.heartbeat import notify

TURN, BEAT_EVERY = 0.25, 5.0
DEADLINE = 8.5  # the authenticator itself gives up after 8


def main() -> None:
    """`python -m appliance.console [--run DIR] [--tty PATH]`: answer until the line hangs up."""
    options = argparse.ArgumentParser(prog="console", description=__doc__)
    options.add_argument("--run", type=Path, default=Path("/run/desk-token"), help="run folder")
    options.add_argument("--tty", type=Path, default=Path("/dev/desk-token-console"), help="line")
    chosen = options.parse_args()
    desk = ControlClient(chosen.run / "control" / "console.sock", "console", DEADLINE)
    line = os.open(chosen.tty, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    serve(line, desk, time.monotonic, os.environ.get("NOTIFY_SOCKET", ""))


def serve(line: int, desk: Caller, clock: Callable[[], float], manager: str = "") -> None:
    """Answer on this open tty until it hangs up; `manager` is the service manager that hears of every few seconds."""
    spoken, beat = Line(desk, Guest(desk)), 0.0
    while True:
        if clock() >= beat:
            beat = clock() + BEAT_EVERY
            notify(manager, b"WATCHDOG=1")
        try:
            ready = select.select([line], (), (), TURN)[0]
            untrusted = os.read(line, 4096) if ready else b""
            if ready and not untrusted:
                return
            said = spoken.hear(untrusted, clock()) if ready else spoken.pass_time(clock())
            _write(line, said)
        except OSError:
            return


def _write(line: int, words: bytes) -> None:
    while words:
        words = words[os.write(line, words) :]


if __name__ == "__main__":
    main()
