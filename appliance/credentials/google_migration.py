"""Reads `otpauth-migration://offline?data=…`, the picture with which Google Authenticator hands accounts over.

The payload is base64 around a small protobuf message; the four wire types it may use are read here, within caps, and
anything else is refused. Never keeps a part of a message that was not understood whole.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from appliance.core.accounts import Kind
from appliance.core.troubles import Trouble
from appliance.credentials.candidates import (
    Algorithm,
    NotTaken,
    OtpCandidate,
    checked,
    not_ours,
)

LONGEST, MOST_ACCOUNTS, MOST_BATCHES = 4096, 32, 64
SCHEME = "otpauth-migration://offline?"
ALGORITHMS = {0: Algorithm.SHA1, 1: Algorithm.SHA1, 2: Algorithm.SHA256, 3: Algorithm.SHA512}
DIGITS = {0: 6, 1: 6, 2: 8}
KINDS = {1: Kind.HOTP, 2: Kind.TOTP}
Field = tuple[int, int | bytes]


@dataclass(frozen=True, slots=True)
class Migration:
    """One picture of an export: its accounts, and which picture of how many it is (counted from 0)."""

    candidates: tuple[OtpCandidate, ...]
    batch: int
    batches: int
    export: int


def parse(untrusted_text: str) -> Migration:
    """The accounts of one picture. Raises NotTaken."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    accounts: list[OtpCandidate] = []
    numbers = {3: 1, 4: 0, 5: 0}
    for number, value in _fields(_payload(untrusted_text)):
        if number == 1:
            accounts.append(_account(_bytes(value)))
        elif number in numbers:
            numbers[number] = _number(value)
        if len(accounts) > MOST_ACCOUNTS:
            raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    batches, batch = max(1, numbers[3]), numbers[4]
    if not accounts or not 0 <= batch < batches <= MOST_BATCHES:
        raise not_ours()
    return Migration(tuple(accounts), batch, batches, numbers[5])


def _payload(untrusted_text: str) -> bytes:
    if not untrusted_text.startswith(SCHEME) or not untrusted_text.isascii():
        raise not_ours("This is not a code for signing in")
    data = [p[5:] for p in untrusted_text[len(SCHEME) :].split("&") if p.startswith("data=")]
    if len(data) != 1:
        raise not_ours()
    text = unquote(data[0]).replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise not_ours() from wrong


def _account(untrusted: bytes) -> OtpCandidate:
    values: dict[int, int | bytes] = {}
    for number, value in _fields(untrusted):
        if number in values:
            raise not_ours("This code says something twice")
        values[number] = value
    kind = KINDS.get(_number(values.get(6, 2)))
    algorithm = ALGORITHMS.get(_number(values.get(4, 0)))
    digits = DIGITS.get(_number(values.get(5, 0)))
    if kind is None or algorithm is None or digits is None:
        raise not_ours("This code uses a method that we do not know")
    label, issuer = _text(values.get(2, b"")), _text(values.get(3, b""))
    return checked(
        OtpCandidate(
            kind=kind,
            label=label.removeprefix(f"{issuer}:").strip(),
            issuer=issuer,
            secret=_bytes(values.get(1, b"")),
            algorithm=algorithm,
            digits=digits,
            counter=_number(values.get(7, 0)) if kind is Kind.HOTP else 0,
        )
    )


def _fields(untrusted: bytes) -> Iterator[Field]:
    """The fields of one protobuf message: varint, fixed and length-delimited; groups do not exist here."""
    at = 0
    while at < len(untrusted):
        tag, at = _varint(untrusted, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(untrusted, at)
            yield tag >> 3, value
            continue
        size, at = _varint(untrusted, at) if kind == 2 else ({1: 8, 5: 4}.get(kind, -1), at)
        if size < 0 or at + size > len(untrusted):
            raise not_ours()
        yield tag >> 3, untrusted[at : at + size]
        at += size


def _varint(untrusted: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(untrusted):
            raise not_ours()
        byte = untrusted[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
    raise not_ours()


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise not_ours()
    return value


def _number(value: int | bytes) -> int:
    if isinstance(value, bytes):
        raise not_ours()
    return value


def _text(value: int | bytes) -> str:
    try:
        return _bytes(value).decode()
    except UnicodeDecodeError as wrong:
        raise not_ours() from wrong
