"""The console: a serial line (USB gadget or UART) on one side, the control socket on the other. First, small form.

It has the one tty and no network; it keeps nothing. It ends when the line hangs up and is started with the next one.
"""

from __future__ import annotations

import argparse
import os
import tty
from pathlib import Path

import msgspec

from appliance.console.desk_clerk import answer
from appliance.console.frames import END, Pending, feed
from appliance.wire.client import Caller, ControlClient


def main() -> None:
    """`python -m appliance.console [--run DIR] [--tty PATH]`: answer until the line hangs up."""
    options = argparse.ArgumentParser(prog="console", description=__doc__)
    options.add_argument("--run", type=Path, default=Path("/run/desk-token"), help="run folder")
    options.add_argument("--tty", type=Path, default=Path("/dev/desk-token-console"), help="line")
    chosen = options.parse_args()
    desk = ControlClient(chosen.run / "control" / "console.sock", "console")
    line = os.open(chosen.tty, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    serve(line, desk)


def serve(line: int, desk: Caller) -> None:
    """Answer on this open tty until it hangs up."""
    pending = Pending()
    while True:
        try:
            untrusted = os.read(line, 1024)
        except OSError:
            return
        if not untrusted:
            return
        pending, messages = feed(pending, untrusted)
        for message in messages:
            _write(line, msgspec.json.encode(answer(message, desk)) + END)


def _write(line: int, words: bytes) -> None:
    while words:
        words = words[os.write(line, words) :]


if __name__ == "__main__":
    main()
