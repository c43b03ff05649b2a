"""The folder of the vault: key file and record file together, how they open, and how they are destroyed.

The key is durable before the first record, and destroyed before the last one: a cut anywhere in a reset leaves
nothing readable, and the next start finishes it (checklist row 36). A folder that is not understood is left alone.
"""

from __future__ import annotations

from pathlib import Path

from appliance.authenticator import keys, whole_files
from appliance.authenticator.disk import REAL, Disk
from appliance.authenticator.keys import MISSING_KEY, NO_STORAGE, KeyProvider
from appliance.authenticator.vault_rows import SealedRows
from appliance.core.errors import StorageTrouble

RECORDS, KEY, MARKER = "vault.db", "vault.key", "wiping"


class VaultFolder:
    """Opens and erases the vault under `state`."""

    def __init__(self, state: Path, provider: KeyProvider, disk: Disk = REAL) -> None:
        self._state = state
        self._provider = provider
        self._disk = disk

    @property
    def level(self) -> str:
        """How the data key is guarded."""
        return self._provider.level

    def open(self) -> SealedRows:
        """The records, new ones on a fresh device. Raises StorageTrouble with a sentence and touches nothing then."""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            if (self._state / MARKER).exists():
                self.erase()
        except OSError as wrong:
            raise StorageTrouble(NO_STORAGE) from wrong
        return SealedRows(self._state / RECORDS, self._key(), self._disk)

    def erase(self) -> None:
        """Destroy the key, then everything else. Raises StorageTrouble."""
        calls = self._disk.calls
        try:
            whole_files.write(self._state / MARKER, b"", calls)
            self._provider.destroy()
            for name in (KEY, RECORDS, f"{RECORDS}-wal", f"{RECORDS}-shm", f"{RECORDS}-journal"):
                whole_files.destroy(self._state / name, calls)
            # durable with the next key; until then a cut erases once more
            calls.unlink(self._state / MARKER)
        except OSError as wrong:
            raise StorageTrouble(NO_STORAGE) from wrong

    def _key(self) -> bytes:
        path, records = self._state / KEY, self._state / RECORDS
        if path.exists():
            return keys.load(path, self._provider)
        if records.exists() and records.stat().st_size:
            raise StorageTrouble(MISSING_KEY)
        return keys.make(path, self._provider, self._disk.calls)
