"""The file of a backup: how a passphrase becomes a key, what lies under the seal, and what of it is believed.

Pure but for randomness. A file from outside is refused with one sentence for a wrong passphrase and a damaged file
alike; the passphrase proves who sealed it, not what is in it. Sources: RFC 9106, NIST SP 800-38D.
"""

from __future__ import annotations

import os

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.credentials.candidates import LONGEST_NAME, Algorithm, OtpCandidate, checked
from appliance.wire.safekeeping import LARGEST_BACKUP

FORM, VERSION = "desk-token-backup", 1
SHORTEST, LONGEST = 12, 256
PASSES, MEMORY = 3, 64 * 1024
MOST_PASSES, MOST_MEMORY = 6, 64 * 1024  # a file must not cost this small device more than our own
MOST_ENTRIES = 64


class Named(msgspec.Struct, frozen=True):
    """An account of a portal: it is linked anew, by scanning that portal's code."""

    label: str
    issuer: str
    origin: str


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """A code generator of another service, with its secret."""

    kind: Kind
    label: str
    issuer: str
    secret: bytes
    algorithm: Algorithm
    digits: int
    period: int
    counter: int = 0

    def __repr__(self) -> str:
        return f"Codes(label={self.label!r})"


class Contents(msgspec.Struct, frozen=True):
    """What a backup holds."""

    settings: dict[str, str]
    portals: tuple[Named, ...] = ()
    codes: tuple[Codes, ...] = ()


class Sealed(msgspec.Struct, frozen=True):
    """The file: how the passphrase becomes a key, and what lies under it."""

    form: str
    version: int
    passes: int
    memory: int
    salt: bytes
    nonce: bytes
    sealed: bytes


def seal(contents: Contents, passphrase: str) -> bytes:
    """The file. Raises Refused for a passphrase that is too short."""
    check_passphrase(passphrase)
    salt, nonce = os.urandom(16), os.urandom(12)
    blank = Sealed(FORM, VERSION, PASSES, MEMORY, salt, nonce, b"")
    sealed = _cipher(blank, passphrase).encrypt(nonce, msgspec.json.encode(contents), _head(blank))
    return msgspec.json.encode(msgspec.structs.replace(blank, sealed=sealed))


def unseal(untrusted_file: bytes, passphrase: str) -> Contents:
    """What a file holds. Raises Refused, with one sentence for a wrong passphrase and a damaged file alike."""
    if len(untrusted_file) > LARGEST_BACKUP:
        raise Refused("This is no backup of a desk token")
    if len(passphrase) > LONGEST:
        raise Refused("The passphrase or the backup is wrong")
    try:
        file = msgspec.json.decode(untrusted_file, type=Sealed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Refused("This is no backup of a desk token") from wrong
    costs_fit = 1 <= file.passes <= MOST_PASSES and 8 * 1024 <= file.memory <= MOST_MEMORY
    if file.form != FORM or not costs_fit or len(file.salt) != 16 or len(file.nonce) != 12:
        raise Refused("This is no backup of a desk token")
    if file.version > VERSION:
        raise Refused("The backup was written by newer software")
    try:
        plain = _cipher(file, passphrase).decrypt(file.nonce, file.sealed, _head(file))
        return _sound(msgspec.json.decode(plain, type=Contents))
    except (InvalidTag, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Refused("The passphrase or the backup is wrong") from wrong


def check_passphrase(passphrase: str) -> None:
    """Raises Refused for one that is too short or too long."""
    if len(passphrase) < SHORTEST:
        raise Refused("A passphrase has at least 12 letters")
    if len(passphrase) > LONGEST:
        raise Refused("The passphrase is too long")


def _sound(contents: Contents) -> Contents:
    """The same, when everything in it is inside our limits: the passphrase proves who sealed it, not what is in it."""
    names = [
        words for named in contents.portals for words in (named.label, named.issuer, named.origin)
    ]
    too_much = len(contents.codes) > MOST_ENTRIES or len(contents.portals) > MOST_ENTRIES
    if too_much or any(len(words) > LONGEST_NAME for words in names):
        raise Refused("The passphrase or the backup is wrong")
    for codes in contents.codes:
        if codes.kind not in (Kind.TOTP, Kind.HOTP):
            raise Refused("The passphrase or the backup is wrong")
        checked(OtpCandidate(**msgspec.structs.asdict(codes)))
    return contents


def _cipher(file: Sealed, passphrase: str) -> AESGCM:
    words = passphrase.encode()
    return AESGCM(hash_secret_raw(words, file.salt, file.passes, file.memory, 1, 32, Type.ID))


def _head(file: Sealed) -> bytes:
    """Everything before the sealed part is bound to it."""
    return msgspec.json.encode(msgspec.structs.replace(file, sealed=b""))
