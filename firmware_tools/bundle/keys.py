"""The keys of updates: Ed25519, each in a file of its own under a passphrase, the public half beside it.

A private key is read for one signature and never printed, logged or written without its passphrase.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from appliance.core.errors import DeskTokenError
from appliance.wording import translate_with

SHORTEST = 12


class BundleTrouble(DeskTokenError):
    """A bundle or a key that cannot be used: an English sentence of the catalogue, and what fills its {places}."""

    def __init__(self, english: str, **fill: str) -> None:
        super().__init__(translate_with(english, "en", fill))
        self.english, self.fill = english, fill


@dataclass(frozen=True, slots=True)
class Locked:
    """A key file and its passphrase."""

    file: Path
    passphrase: str = field(repr=False)


def make(file: Path, passphrase: str) -> SSlibKey:
    """A new key in this file, readable by its owner only. Raises BundleTrouble."""
    if len(passphrase) < SHORTEST:
        raise BundleTrouble("a passphrase has at least {count} characters", count=str(SHORTEST))
    private = Ed25519PrivateKey.generate()
    sealed = private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _new(file, sealed, 0o600)
    _new(file.with_suffix(".pub"), public, 0o644)
    return SSlibKey.from_crypto(private.public_key())


def public(file: Path) -> SSlibKey:
    """The public half. Raises BundleTrouble."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as wrong:
        raise BundleTrouble("{name} is not a public key", name=file.name) from wrong
    if not isinstance(key, Ed25519PublicKey):
        raise BundleTrouble("{name} is not an Ed25519 key", name=file.name)
    return SSlibKey.from_crypto(key)


def unlock(locked: Locked) -> CryptoSigner:
    """The key, ready to sign. Raises BundleTrouble for a wrong passphrase."""
    try:
        key = load_pem_private_key(locked.file.read_bytes(), locked.passphrase.encode())
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise BundleTrouble(
            "{name} does not open with this passphrase", name=locked.file.name
        ) from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise BundleTrouble("{name} is not an Ed25519 key", name=locked.file.name)
    return CryptoSigner(key)


def _new(file: Path, content: bytes, mode: int) -> None:
    """A file that was not there; a key is never written over."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as there:
        raise BundleTrouble(
            "{name} is there already and is never written over", name=file.name
        ) from there
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(handle)
