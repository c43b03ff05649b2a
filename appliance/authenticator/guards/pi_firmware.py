"""The secret is an HMAC that the Pi's firmware computes with the board's one-time-programmable key over a salt of ours.

A copied card lacks the board, so it lacks the secret. The key cannot be erased: a reset destroys the salt instead.
Source: raspberrypi/utils, rpifwcrypto/README.md; `lock_device_private_key=1` in config.txt belongs to it. Root on the
running board can still ask the firmware, which is no hardware security module and says so.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from appliance.authenticator import whole_files
from appliance.authenticator.disk import Calls
from appliance.authenticator.guards.guard import SILENT, Run, run
from appliance.authenticator.keys import MISSING_KEY
from appliance.core.errors import StorageTrouble

KEY = "1"
SIZE = 32
LABEL = b"desk-token vault\0"


class PiFirmware:
    """`rpi-fw-crypto` of the board under us."""

    level = "Pi firmware key"

    def __init__(self, state: Path, run: Run = run, calls: Calls = os) -> None:
        self._salt = state / "firmware.salt"
        self._run = run
        self._calls = calls

    def present(self) -> bool:
        """Whether the firmware has a device key and computes with it."""
        try:
            status = self._run(("rpi-fw-crypto", "get-key-status", KEY), b"")
            return b"DEVICE" in status.upper() and len(self._hmac(b"present")) == SIZE
        except StorageTrouble:
            return False

    def make(self) -> None:
        """A new salt, and with it a new secret."""
        try:
            whole_files.write(self._salt, os.urandom(SIZE), self._calls)
        except OSError as wrong:
            raise StorageTrouble(SILENT) from wrong

    def secret(self) -> bytes:
        """The HMAC over the salt. Raises StorageTrouble."""
        try:
            salt = self._salt.read_bytes()
        except OSError as wrong:
            raise StorageTrouble(MISSING_KEY) from wrong
        found = self._hmac(LABEL + salt)
        if len(found) != SIZE:
            raise StorageTrouble(SILENT)
        return found

    def destroy(self) -> None:
        """The salt is gone, and no HMAC over anything else gives this secret again."""
        whole_files.destroy(self._salt, self._calls)

    def _hmac(self, message: bytes) -> bytes:
        """The program reads and writes files only; they lie in a private folder of memory for that moment."""
        with tempfile.TemporaryDirectory() as folder:
            asked, told = Path(folder) / "message", Path(folder) / "hmac"
            asked.write_bytes(message)
            self._run(
                ("rpi-fw-crypto", "hmac", "--in", str(asked), "--key-id", KEY, "--out", str(told)),
                b"",
            )
            try:
                return told.read_bytes()
            except OSError as wrong:
                raise StorageTrouble(SILENT) from wrong
