"""A guard keeps one secret of 32 bytes; the vault's data key is wrapped under what is derived from it.

A guard that does not answer opens nothing and destroys nothing: the records wait until it is back. Never logs, prints
or stores the secret.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.authenticator.keys import WRONG_KEY
from appliance.core.errors import StorageTrouble

SILENT = "The part that guards the records of this device does not answer"
PATIENCE = 20.0
Run = Callable[[Sequence[str], bytes], bytes]


class Guard(Protocol):
    """`present`: this machine has one. `make` draws a new secret. All but `present` raise StorageTrouble."""

    level: str

    def present(self) -> bool: ...

    def make(self) -> None: ...

    def secret(self) -> bytes: ...

    def destroy(self) -> None: ...


class Guarded:
    """A key provider on top of a guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @property
    def level(self) -> str:
        """What panel and page show."""
        return self._guard.level

    def wrap(self, key: bytes) -> bytes:
        """The key under a secret that is made now. Raises StorageTrouble."""
        self._guard.make()
        nonce = os.urandom(12)
        return nonce + self._cipher().encrypt(nonce, key, b"data key")

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises StorageTrouble."""
        try:
            return self._cipher().decrypt(wrapped[:12], wrapped[12:], b"data key")
        except (InvalidTag, ValueError) as wrong:
            raise StorageTrouble(WRONG_KEY) from wrong

    def destroy(self) -> None:
        """Make every wrapped key worthless. Raises StorageTrouble."""
        self._guard.destroy()

    def _cipher(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, None, b"desk-token vault").derive(self._guard.secret()))


def run(command: Sequence[str], given: bytes) -> bytes:
    """What a program of the system answers; secrets go through its pipes only. Raises StorageTrouble."""
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, check=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        raise StorageTrouble(SILENT) from None  # the error would carry the program's output
    return done.stdout
