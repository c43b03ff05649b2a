"""The hand-over picture of Google Authenticator, built here byte by byte."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.accounts import Kind
from appliance.core.troubles import Trouble
from appliance.credentials.candidates import Algorithm, NotTaken
from appliance.credentials.google_migration import SCHEME, Migration, parse

SEED = b"12345678901234567890"


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def blob(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(value)) + value


def number(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def account(secret: bytes = SEED, **more: int) -> bytes:
    fields = {"algorithm": 1, "digits": 1, "type": 2} | more
    places = {"algorithm": 4, "digits": 5, "type": 6, "counter": 7}
    numbers = b"".join(number(places[key], value) for key, value in fields.items())
    return blob(1, secret) + blob(2, b"Rail:jan") + blob(3, b"Rail") + numbers


def link(payload: bytes) -> str:
    return f"{SCHEME}data={quote(base64.b64encode(payload).decode())}"


def read(payload: bytes) -> Migration:
    return parse(link(payload))


def said_of(payload: bytes) -> str:
    """What a reader of logs would see of this payload."""
    try:
        return repr(read(payload))
    except NotTaken as refusal:
        return f"{refusal} {refusal!r}"


def test_accounts_and_batch_are_read() -> None:
    payload = blob(1, account()) + blob(1, account(type=1, counter=9, algorithm=3, digits=2))
    export = read(payload + number(2, 1) + number(3, 3) + number(4, 1) + number(5, 77))
    first, second = export.candidates
    assert (first.label, first.issuer, first.secret, first.kind) == ("jan", "Rail", SEED, Kind.TOTP)
    assert (second.kind, second.counter, second.digits) == (Kind.HOTP, 9, 8)
    assert second.algorithm is Algorithm.SHA512
    assert (export.batch, export.batches, export.export) == (1, 3, 77)


def test_fields_of_a_later_version_are_passed_over() -> None:
    assert len(read(blob(1, account()) + blob(9, b"new") + b"\x3d1234").candidates) == 1


def test_a_short_secret_is_weak_here_too() -> None:
    with pytest.raises(NotTaken) as refusal:
        read(blob(1, account(b"0123456789")))
    assert refusal.value.why is Trouble.WEAK_SECRET


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x0a",
        b"\x0a\x7f123",
        b"\xff" * 11,
        b"\x0b\x0c",
        blob(1, account(algorithm=4)),
        blob(1, account(digits=3)),
        blob(1, account(type=0)),
        blob(1, account() + number(4, 1)),
        blob(1, account(counter=2**63, type=1)),
        blob(1, account()) * 33,
        blob(1, account()) + number(3, 2) + number(4, 2),
        blob(1, account()) + number(3, 65),
        number(1, 4),
        blob(1, account()) + blob(3, b"1"),
        blob(1, number(1, 5)),
    ],
)
def test_a_broken_export_is_refused_whole(payload: bytes) -> None:
    with pytest.raises(NotTaken):
        read(payload)


@pytest.mark.parametrize(
    "text",
    ["otpauth-migration://online?data=AA==", SCHEME, SCHEME + "data=%%%", SCHEME + "data=é"],
)
def test_what_is_not_an_export_is_refused(text: str) -> None:
    with pytest.raises(NotTaken):
        parse(text)


@given(st.binary(max_size=400), st.integers(0, 80))
def test_no_bytes_do_more_than_be_refused(noise: bytes, cut: int) -> None:
    good = blob(1, account())
    for payload in (noise, good[:cut] + noise, blob(1, noise), blob(1, account() + noise)):
        assert "1234567890" not in said_of(payload)


def test_an_export_never_prints_a_secret() -> None:
    assert "1234567890" not in repr(read(blob(1, account())))
