"""Who guards the vault's data key. A provider wraps it; the level it guards at is shown and never lowered silently.

The plain file is the simulator's provider: it protects nothing that can read the folder, and its name says so.
Never logs, prints or returns a key to anybody but the vault.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.authenticator import whole_files
from appliance.authenticator.disk import Calls
from appliance.core.errors import StorageTrouble

WRONG_KEY = "The key on this device does not open its records"
MISSING_KEY = "The key that opens the records of this device is missing"
OTHER_LEVEL = "The records of this device were sealed with another kind of protection"
NO_STORAGE = "The device cannot write to its storage"


class KeyProvider(Protocol):
    """Wraps the data key. `level` is the name that panel and page show."""

    @property
    def level(self) -> str: ...

    def wrap(self, key: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes) -> bytes: ...

    def destroy(self) -> None: ...


class PlainFile:
    """The wrapping secret lies in a file of mode 0600 beside the vault."""

    level = "plain file"

    def __init__(self, state: Path, calls: Calls = os) -> None:
        self._path = state / "plain.key"
        self._calls = calls

    def wrap(self, key: bytes) -> bytes:
        """The key under a secret that is made now if there is none yet."""
        if not self._path.exists():
            whole_files.write(self._path, os.urandom(32), self._calls)
        nonce = os.urandom(12)
        return nonce + AESGCM(self._guard()).encrypt(nonce, key, b"data key")

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises StorageTrouble."""
        try:
            return AESGCM(self._guard()).decrypt(wrapped[:12], wrapped[12:], b"data key")
        except (InvalidTag, ValueError) as wrong:
            raise StorageTrouble(WRONG_KEY) from wrong

    def destroy(self) -> None:
        """Make every wrapped key worthless."""
        whole_files.destroy(self._path, self._calls)

    def _guard(self) -> bytes:
        try:
            secret = self._path.read_bytes()
        except OSError as wrong:
            raise StorageTrouble(MISSING_KEY) from wrong
        return HKDF(SHA256(), 32, None, b"desk-token vault").derive(secret)


class Wrapped(msgspec.Struct, frozen=True):
    """The data key as it lies beside the vault: under which level, and wrapped."""

    level: str
    key: str

    def __repr__(self) -> str:
        return f"Wrapped(level={self.level!r})"


def make(path: Path, provider: KeyProvider, calls: Calls = os) -> bytes:
    """A new data key, wrapped and durable at `path` before it is used. Raises StorageTrouble."""
    key = os.urandom(32)
    try:
        wrapped = base64.b64encode(provider.wrap(key)).decode()
        whole_files.write(path, msgspec.json.encode(Wrapped(provider.level, wrapped)), calls)
    except OSError as wrong:
        raise StorageTrouble(NO_STORAGE) from wrong
    return key


def load(path: Path, provider: KeyProvider) -> bytes:
    """The data key. Raises StorageTrouble when it is damaged, or was wrapped at another level than this provider's."""
    try:
        wrapped = msgspec.json.decode(path.read_bytes(), type=Wrapped)
        sealed = base64.b64decode(wrapped.key, validate=True)
    except (OSError, ValueError, msgspec.DecodeError) as wrong:
        raise StorageTrouble(WRONG_KEY) from wrong
    if wrapped.level != provider.level:
        raise StorageTrouble(OTHER_LEVEL)
    return provider.unwrap(sealed)
