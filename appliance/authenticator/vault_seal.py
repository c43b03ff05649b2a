"""How one record is sealed, and how the set of all records is summed up so that an older one put back is noticed.

AES-256-GCM with a random nonce; id, schema and version are authenticated with the content (checklist row 19). The sum
is a keyed multiset hash over (id, version) of every record: it follows each write at the cost of two HMACs, and it is
itself a sealed record (checklist row 20). Never keeps the data key beyond its two derived uses.
"""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.authenticator.keys import WRONG_KEY
from appliance.core.errors import StorageTrouble

MODULUS = 1 << 256


class Seal:
    """Seals records of one schema under the data key."""

    def __init__(self, key: bytes, schema: int) -> None:
        self._cipher = AESGCM(key)
        self._marking = HKDF(SHA256(), 32, None, b"desk-token sum").derive(key)
        self._schema = schema

    def close(self, name: str, version: int, content: bytes) -> tuple[bytes, bytes]:
        """Nonce and sealed content."""
        nonce = os.urandom(12)
        return nonce, self._cipher.encrypt(nonce, content, self._bound(name, version))

    def open(self, name: str, version: int, nonce: bytes, sealed: bytes) -> bytes:
        """The content. Raises StorageTrouble when it is not what was sealed under this name and version."""
        try:
            return self._cipher.decrypt(nonce, sealed, self._bound(name, version))
        except (InvalidTag, TypeError, ValueError, OverflowError) as wrong:
            raise StorageTrouble(WRONG_KEY) from wrong

    def mark(self, name: str, version: int) -> int:
        """What this record adds to the sum."""
        return int.from_bytes(hmac.digest(self._marking, self._bound(name, version), "sha256"))

    def _bound(self, name: str, version: int) -> bytes:
        return b"\0".join((name.encode(), str(self._schema).encode(), str(version).encode()))
