"""What the otpauth reader takes, what it refuses, and that it never repeats a text."""

from __future__ import annotations

import base64
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.accounts import Kind
from appliance.core.troubles import Trouble
from appliance.credentials.candidates import Algorithm, NotTaken
from appliance.credentials.otpauth import parse

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
GOOD = f"otpauth://totp/Rail:jan?secret={SECRET}&issuer=Rail"


def said_of(text: str) -> str:
    """What a reader of logs would see of this text, its names aside."""
    try:
        return repr(replace(parse(text), label="", issuer=""))
    except NotTaken as refusal:
        return f"{refusal} {refusal!r}"


def test_the_plain_form_is_read_whole() -> None:
    candidate = parse(GOOD)
    assert (candidate.kind, candidate.label, candidate.issuer) == (Kind.TOTP, "jan", "Rail")
    assert candidate.secret == b"12345678901234567890"
    assert (candidate.algorithm, candidate.digits, candidate.period) == (Algorithm.SHA1, 6, 30)


def test_every_value_may_be_stated() -> None:
    candidate = parse(
        f"OTPAUTH://HOTP/My%20Bank%3Ajan%40x.nl?Secret={SECRET.lower()}&algorithm=sha256"
        "&digits=8&counter=7&image=https%3A%2F%2Fx&period=60"
    )
    assert (candidate.kind, candidate.issuer, candidate.label) == (Kind.HOTP, "My Bank", "jan@x.nl")
    assert (candidate.algorithm, candidate.digits, candidate.counter) == (Algorithm.SHA256, 8, 7)


def test_percent_signs_are_decoded_exactly_once() -> None:
    assert parse(GOOD.replace("jan", "a%2541")).label == "a%41"


@pytest.mark.parametrize("length", [16, 20, 64, 128])
def test_a_secret_of_128_bits_or_more_is_taken(length: int) -> None:
    text = base64.b32encode(bytes(length)).decode().rstrip("=")
    assert len(parse(f"otpauth://totp/a?secret={text}").secret) == length


@pytest.mark.parametrize("length", [0, 1, 10, 15])
def test_a_shorter_secret_is_weak(length: int) -> None:
    text = base64.b32encode(bytes(length)).decode().rstrip("=")
    with pytest.raises(NotTaken) as refusal:
        parse(f"otpauth://totp/a?secret={text}")
    assert refusal.value.why is Trouble.WEAK_SECRET


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org",
        f"otpauth://totp/a?secret={SECRET}&secret={SECRET}",
        f"otpauth://totp/a?secret={SECRET}&digits=6&Digits=8",
        "otpauth://totp/a?issuer=x",
        "otpauth://totp/a?secret=",
        f"otpauth://totp?secret={SECRET}",
        f"otpauth://push/a?secret={SECRET}",
        f"otpauth://hotp/a?secret={SECRET}",
        f"otpauth://totp/a?secret={SECRET}&digits=5",
        f"otpauth://totp/a?secret={SECRET}&digits=9",
        f"otpauth://totp/a?secret={SECRET}&digits=%C2%B2",
        f"otpauth://totp/a?secret={SECRET}&period=0",
        f"otpauth://totp/a?secret={SECRET}&period=2678401",
        f"otpauth://totp/a?secret={SECRET}&period=-30",
        f"otpauth://hotp/a?secret={SECRET}&counter=9999999999999999999",
        f"otpauth://totp/a?secret={SECRET}&algorithm=MD5",
        f"otpauth://totp/a%ZZ?secret={SECRET}",
        f"otpauth://totp/a%FF?secret={SECRET}",
        f"otpauth://totp/a?secret={SECRET[:-1]}1",
        f"otpauth://totp/a?secret={SECRET}&issuer={'x' * 129}",
        GOOD + "&x=" + "y" * 2048,
    ],
)
def test_what_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        parse(text)
    assert SECRET[:8] not in str(refusal.value)


@given(st.text(max_size=300))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for form in (text, GOOD + text, f"otpauth://totp/{text}?secret={SECRET}", GOOD[:20] + text):
        assert SECRET not in said_of(form)


@given(st.text(min_size=1, max_size=40).filter(lambda t: ":" not in t and t == t.strip()))
def test_any_label_survives_the_way_through_a_code(label: str) -> None:
    try:
        text = quote(label)
    except UnicodeEncodeError:
        return
    assert parse(f"otpauth://totp/Rail:{text}?secret={SECRET}").label == label


def test_a_candidate_never_prints_its_secret() -> None:
    candidate = parse(GOOD)
    assert "123456" not in repr(candidate)
    assert SECRET not in repr(candidate)
