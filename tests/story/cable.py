"""A USB cable with a token at its far end: two ptys with a copper thread between them, to be pulled at any moment.

At the far end runs the real console process, as udev would start it; at the near end the tool finds a port.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import tty
from collections.abc import Callable
from pathlib import Path

Answer = Callable[[bytes], bytes]


class Cable:
    """Plugged in when made. `passed` counts the bytes that came from the token."""

    def __init__(self, ports: Path, run: Path | None = None, answer: Answer | None = None) -> None:
        self._near, near = os.openpty()
        self._far, far = os.openpty()
        self._ends = (near, far)
        for end in self._ends:
            tty.setraw(end)
        self.passed = 0
        self._pull = threading.Event()
        self._answer = answer
        self._console = _console(run, os.ttyname(far)) if run else None
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        self._port = ports / "usb-Desk_Token"
        self._port.symlink_to(os.ttyname(near))

    def pull(self) -> None:
        """Out, at once; both ends notice."""
        if self._pull.is_set():
            return
        self._port.unlink()
        self._pull.set()
        self._thread.join()
        for end in (self._near, self._far, *self._ends):
            os.close(end)
        if self._console:
            self._console.wait(20)

    def _carry(self) -> None:
        while not self._pull.is_set():
            for end in select.select((self._near, self._far), (), (), 0.02)[0]:
                words = os.read(end, 4096)
                if end == self._near and self._answer:
                    os.write(self._near, self._answer(words))
                elif end == self._near:
                    os.write(self._far, words)
                else:
                    self.passed += len(words)
                    os.write(self._near, words)


def _console(run: Path, line: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "appliance.console", "--run", str(run), "--tty", line]
    return subprocess.Popen(words)
