"""The secret is a credential that systemd sealed with the machine's own key (systemd.io/CREDENTIALS).

It keeps the secret out of a copied state folder, not out of a copied card: the host key lies on the same card, and
systemd-creds says so itself. A unit that has it by `LoadCredentialEncrypted=` reads it from there.
"""

from __future__ import annotations

import os
from pathlib import Path

from appliance.authenticator import whole_files
from appliance.authenticator.disk import Calls
from appliance.authenticator.guards.guard import SILENT, Run, run
from appliance.authenticator.keys import MISSING_KEY
from appliance.core.errors import StorageTrouble

NAME = "desk-token-vault"
SIZE = 32


class SystemdCredential:
    """`given` is the folder of credentials that the service manager passed ($CREDENTIALS_DIRECTORY), if any."""

    level = "systemd credential"

    def __init__(
        self, state: Path, given: Path | None = None, run: Run = run, calls: Calls = os
    ) -> None:
        self._sealed = state / "guard.cred"
        self._given = given / NAME if given else None
        self._run = run
        self._calls = calls

    def present(self) -> bool:
        """Whether a credential was passed, or this process may seal and open one."""
        if self._given and self._given.exists():
            return True
        try:
            return self._open(self._seal(b"present")) == b"present"
        except StorageTrouble:
            return False

    def make(self) -> None:
        """A new sealed secret beside the vault, unless the service manager passes one."""
        if self._given and self._given.exists():
            return
        try:
            whole_files.write(self._sealed, self._seal(os.urandom(SIZE)), self._calls)
        except OSError as wrong:
            raise StorageTrouble(SILENT) from wrong

    def secret(self) -> bytes:
        """The secret. Raises StorageTrouble."""
        try:
            if self._given and self._given.exists():
                return self._given.read_bytes()
            return self._open(self._sealed.read_bytes())
        except OSError as wrong:
            raise StorageTrouble(MISSING_KEY) from wrong

    def destroy(self) -> None:
        """The sealed secret is gone; one that the service manager passes is its own to remove."""
        whole_files.destroy(self._sealed, self._calls)

    def _seal(self, secret: bytes) -> bytes:
        return self._run(("systemd-creds", "encrypt", f"--name={NAME}", "-", "-"), secret)

    def _open(self, sealed: bytes) -> bytes:
        return self._run(("systemd-creds", "decrypt", f"--name={NAME}", "-", "-"), sealed)
