"""The secret lies in the TPM's own memory (an NV index), so a copied card lacks it and a reset erases it.

Speaks through Debian's tpm2-tools: their commands are stable, and the Python binding would need a compiler and headers
on every device. The chip is asked with the owner's empty authorisation: it answers to whoever runs as its user here.
"""

from __future__ import annotations

import os

from appliance.authenticator.guards.guard import SILENT, Run, run
from appliance.core.errors import StorageTrouble

INDEX = "0x1D35C70"
SIZE = 32


class Tpm2:
    """A TPM 2.0 on the header, reached as the tools' own environment says (TPM2TOOLS_TCTI, else /dev/tpmrm0)."""

    level = "TPM 2"

    def __init__(self, run: Run = run) -> None:
        self._run = run

    def present(self) -> bool:
        """Whether a TPM answers."""
        try:
            self._run(("tpm2_getcap", "-Q", "properties-fixed"), b"")
        except StorageTrouble:
            return False
        return True

    def make(self) -> None:
        """A new secret, in place of one that was there."""
        if self._defined():
            self.destroy()
        rights = "ownerread|ownerwrite"
        self._run(("tpm2_nvdefine", INDEX, "-Q", "-C", "o", "-s", str(SIZE), "-a", rights), b"")
        self._run(("tpm2_nvwrite", INDEX, "-Q", "-C", "o", "-i", "-"), os.urandom(SIZE))

    def secret(self) -> bytes:
        """The secret. Raises StorageTrouble when the TPM is gone or is another one."""
        found = self._run(("tpm2_nvread", INDEX, "-C", "o", "-s", str(SIZE)), b"")
        if len(found) != SIZE:
            raise StorageTrouble(SILENT)
        return found

    def destroy(self) -> None:
        """The index is gone from the chip; harmless when it was."""
        if self._defined():
            self._run(("tpm2_nvundefine", INDEX, "-Q", "-C", "o"), b"")

    def _defined(self) -> bool:
        known = self._run(("tpm2_getcap", "handles-nv-index"), b"").decode(errors="replace")
        return INDEX.lower() in known.lower()
