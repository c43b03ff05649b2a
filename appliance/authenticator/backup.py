"""A backup in one sealed file: settings, the names of the accounts, and codes of other services if their owner allows.

Keys that were made on this device never leave it: a portal's account is named, and linked anew on the next device.
The file is under a passphrase (Argon2id, AES-256-GCM), and a restore says exactly what it will do before it does it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.authenticator.vault import Vault, new_id, words_of
from appliance.authenticator.vault_records import Kept
from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.core.settings import ROWS, Settings, change
from appliance.credentials.candidates import Algorithm

FORM, VERSION = "desk-token-backup", 1
ANEW = (Kind.PORTAL, Kind.PUSH, Kind.CONTAINER)  # their keys never leave the device
SHORTEST, LARGEST = 12, 1024 * 1024
PASSES, MEMORY = 3, 64 * 1024
MOST_PASSES, MOST_MEMORY = 20, 256 * 1024
TOO_SHORT = "The passphrase is too short"
FOREIGN = "This is no backup of a desk token"
WRONG = "The passphrase or the backup is wrong"
NEWER = "The backup was written by newer software"


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore will do: settings that change, codes that come, codes already here, accounts to link anew."""

    settings: tuple[tuple[str, str], ...]
    come: tuple[Codes, ...]
    here: tuple[str, ...]
    anew: tuple[str, ...]


def gather(vault: Vault, *, with_codes: bool) -> Contents:
    """What may be backed up now; secrets of other services only when their owner allows. Raises StorageTrouble."""
    kept = [vault.kept(account.id) for account in vault.accounts()]
    portals = (Named(k.label, k.issuer, k.origin) for k in kept if k.kind in ANEW)
    codes = (_codes(vault, k) for k in kept if with_codes and k.kind not in ANEW)
    return Contents(words_of(vault.settings() or Settings()), tuple(portals), tuple(codes))


def seal(contents: Contents, passphrase: str) -> bytes:
    """The file. Raises Refused for a passphrase that is too short."""
    if len(passphrase) < SHORTEST:
        raise Refused(TOO_SHORT)
    salt, nonce = os.urandom(16), os.urandom(12)
    blank = Sealed(FORM, VERSION, PASSES, MEMORY, salt, nonce, b"")
    sealed = _cipher(blank, passphrase).encrypt(nonce, msgspec.json.encode(contents), _head(blank))
    return msgspec.json.encode(msgspec.structs.replace(blank, sealed=sealed))


def unseal(untrusted_file: bytes, passphrase: str) -> Contents:
    """What a file holds. Raises Refused, with one sentence for a wrong passphrase and a damaged file alike."""
    if len(untrusted_file) > LARGEST:
        raise Refused(FOREIGN)
    try:
        file = msgspec.json.decode(untrusted_file, type=Sealed)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Refused(FOREIGN) from wrong
    costs_fit = 1 <= file.passes <= MOST_PASSES and 8 * 1024 <= file.memory <= MOST_MEMORY
    if file.form != FORM or not costs_fit or len(file.salt) != 16 or len(file.nonce) != 12:
        raise Refused(FOREIGN)
    if file.version > VERSION:
        raise Refused(NEWER)
    try:
        plain = _cipher(file, passphrase).decrypt(file.nonce, file.sealed, _head(file))
        return msgspec.json.decode(plain, type=Contents)
    except (InvalidTag, msgspec.DecodeError) as wrong:
        raise Refused(WRONG) from wrong


def plan(contents: Contents, vault: Vault) -> Plan:
    """What restoring this would do here. Changes nothing. Raises Refused for a value that fits no setting."""
    settings = vault.settings() or Settings()
    now, known = words_of(settings), {row.key for row in ROWS}
    wanted = {key: value for key, value in contents.settings.items() if key in known}
    for key, value in wanted.items():
        change(settings, key, value)
    here = {(account.kind, account.label, account.issuer) for account in vault.accounts()}
    come = tuple(c for c in contents.codes if (c.kind, c.label, c.issuer) not in here)
    return Plan(
        settings=tuple((key, value) for key, value in wanted.items() if now[key] != value),
        come=come,
        here=tuple(codes.label for codes in contents.codes if codes not in come),
        anew=tuple(f"{named.label} · {named.origin}" for named in contents.portals),
    )


def restore(chosen: Plan, vault: Vault) -> None:
    """Do exactly what the plan says. Raises StorageTrouble, Refused when there is no room."""
    settings = vault.settings() or Settings()
    for key, value in chosen.settings:
        settings = change(settings, key, value)
    vault.write_settings(settings)
    for codes in chosen.come:
        vault.keep(_kept(codes), codes.counter)


def _codes(vault: Vault, kept: Kept) -> Codes:
    return Codes(
        kind=kept.kind,
        label=kept.label,
        issuer=kept.issuer,
        secret=kept.secret,
        algorithm=kept.algorithm,
        digits=kept.digits,
        period=kept.period,
        counter=vault.read(f"counter/{kept.id}", int) or 0,
    )


def _kept(codes: Codes) -> Kept:
    return Kept(
        id=new_id(),
        kind=codes.kind,
        label=codes.label,
        issuer=codes.issuer,
        secret=codes.secret,
        algorithm=codes.algorithm,
        digits=codes.digits,
        period=codes.period,
    )


def _cipher(file: Sealed, passphrase: str) -> AESGCM:
    words = passphrase.encode()
    return AESGCM(hash_secret_raw(words, file.salt, file.passes, file.memory, 1, 32, Type.ID))


def _head(file: Sealed) -> bytes:
    """Everything before the sealed part is bound to it."""
    return msgspec.json.encode(msgspec.structs.replace(file, sealed=b""))
