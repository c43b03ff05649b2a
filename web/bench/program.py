"""A program that says `… ready ADDRESS` on its output and then runs until it is asked to stop.

Its other words go to a log file; when we are gone without stopping it, the kernel asks it to stop.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from appliance.core.errors import DeskTokenError

_PATIENCE = 90.0
_GOODBYE = 10.0


class Program:
    """A running program; `address` is where it said it is. Raises DeskTokenError when it never becomes ready."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.address = ""
        setpriv = shutil.which("setpriv")
        bound = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [*bound, *command], stdout=subprocess.PIPE, stderr=self._log, start_new_session=True
        )
        self._said = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        if not self._said.wait(_PATIENCE) or not self.address:
            self.stop()
            raise DeskTokenError(f"The {name} did not start; {log} says why")

    @property
    def running(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ask it to stop, and insist after ten seconds."""
        self._process.terminate()
        try:
            self._process.wait(_GOODBYE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        self._log.close()

    def _listen(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as lines:
            for line in lines:
                words = line.decode(errors="replace").split()
                if not self.address and words[1:2] == ["ready"]:
                    self.address = words[-1]
                    self._said.set()
                self._log.write(line)
        self._said.set()
