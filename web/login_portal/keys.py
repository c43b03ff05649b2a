"""The portal's own keys: one that signs letters, one that everything else is derived from. They never leave this
process but for the public half; the files are made once, whole, and readable by the portal's user alone.

Sources: RFC 5869 (HKDF), RFC 5116 (AES-GCM); checklist row 19.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import OctKey, OKPKey

from appliance.core.errors import StorageTrouble

SIGNING, MASTER = "portal.key", "master.key"
RESTORING = "restore.begun"
"""Stands beside them until a restore is whole."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the portal signs, seals and counts with."""

    signing: OKPKey = field(repr=False)
    master: bytes = field(repr=False)

    @property
    def bearer(self) -> OctKey:
        """The key of the access tokens that devices carry for an hour."""
        return OctKey.import_key(_derive(self.master, b"bearer"))

    @property
    def broker_seed(self) -> bytes:
        """What the authority of the broker's certificates is made from."""
        return _derive(self.master, b"broker")

    @property
    def broker_door_seed(self) -> bytes:
        """What the authority is made from by which the broker knows the portal itself."""
        return _derive(self.master, b"broker door")

    def mark(self, purpose: str, text: str) -> str:
        """A keyed hash, for what must be compared but never read back (RFC 2104)."""
        made = hmac.new(_derive(self.master, purpose.encode()), text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made.digest()).rstrip(b"=").decode()

    def word(self, purpose: str, text: str) -> str:
        """128 bits made from this text as 26 letters and digits (base32), for a QR code."""
        made = hmac.new(_derive(self.master, purpose.encode()), text.encode(), hashlib.sha256)
        return base64.b32encode(made.digest()[:16]).rstrip(b"=").decode()

    def seal(self, plain: bytes, record: str) -> bytes:
        """The bytes encrypted for this record (`table:id`); put elsewhere, they do not open."""
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(_derive(self.master, b"seal")).encrypt(nonce, plain, record.encode())

    def open(self, sealed: bytes, record: str) -> bytes:
        """The bytes again. Raises StorageTrouble when they were altered or moved."""
        try:
            opener = AESGCM(_derive(self.master, b"seal"))
            return opener.decrypt(sealed[:12], sealed[12:], record.encode())
        except InvalidTag as wrong:
            raise StorageTrouble("A sealed record does not open") from wrong


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"desk-portal " + purpose).derive(master)


def load_or_make(folder: Path) -> Keys:
    """The keys of this data folder, made at the first call. Raises StorageTrouble when they cannot be read."""
    look_for_half(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / SIGNING).exists():
        fresh = OKPKey.generate_key("Ed25519", private=True)
        write_whole(folder / SIGNING, json.dumps(fresh.as_dict(private=True)).encode())
    if not (folder / MASTER).exists():
        write_whole(folder / MASTER, secrets.token_bytes(32))
    return load(folder)


def load(folder: Path) -> Keys:
    """The keys of this data folder. Raises StorageTrouble when they cannot be read."""
    look_for_half(folder)
    try:
        signing = OKPKey.import_key(json.loads((folder / SIGNING).read_bytes()))
        master = (folder / MASTER).read_bytes()
    except (OSError, ValueError) as wrong:
        raise StorageTrouble("The portal's keys cannot be read") from wrong
    if len(master) != 32:
        raise StorageTrouble("The portal's keys cannot be read")
    return Keys(signing, master)


def look_for_half(folder: Path) -> None:
    """Raises StorageTrouble while a restore into this folder is under way, or was cut off."""
    if (folder / RESTORING).exists():
        raise StorageTrouble("A restore into this folder was cut off: run it again")


def write_whole(path: Path, content: bytes) -> None:
    """Draft, flush, rename: a power cut leaves no half key. A file that somebody else just made is kept."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
        sync(path.parent)


def sync(path: Path) -> None:
    """What is written in this file, or which files this folder has, outlives a power cut from now on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
