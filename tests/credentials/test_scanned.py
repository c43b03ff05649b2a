"""What people hold before the camera, and what becomes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken, OtpCandidate
from appliance.credentials.scanned import (
    EnrolmentLink,
    LoginLink,
    Sort,
    Unknown,
    refused,
    understand,
)
from appliance.credentials.wifi import Wifi

CODE = "ABCDEFGHIJKLMNOPQRSTUVWXY2"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def said_of(text: str) -> str:
    """What a reader of logs would see of this text."""
    try:
        return repr(understand(text))
    except NotTaken as refusal:
        return f"{refusal} {refusal!r}"


@pytest.mark.parametrize(
    "origin",
    [
        "https://login.example",
        "https://login.example:8443",
        "http://127.0.0.1:5000",
        "http://localhost",
    ],
)
def test_an_enrolment_link_is_known_by_its_form(origin: str) -> None:
    assert understand(f" {origin}/e#{CODE}\n") == EnrolmentLink(origin, f"{origin}/e#{CODE}")


def test_a_login_link_carries_its_code() -> None:
    assert understand(f"https://login.example/l#{CODE}") == LoginLink("https://login.example", CODE)


@pytest.mark.parametrize(
    "host",
    [
        "login.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.1.4",
        "1270.0.0.1",
    ],
)
def test_a_plain_http_portal_is_refused(host: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        understand(f"http://{host}/e#{CODE}")
    assert refusal.value.why is Trouble.NOT_HTTPS


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("https://example.org/page", Sort.WEB),
        (f"https://login.example/e#{CODE}A", Sort.WEB),
        (f"https://jan@login.example/e#{CODE}", Sort.WEB),
        ("BEGIN:VCARD\nFN:Jan", Sort.CONTACT),
        ("mailto:jan@example.org", Sort.MAIL),
        ("tel:+31201234567", Sort.PHONE),
        ("tiqrauth://x", Sort.PUSH),
        ("pia://other/x", Sort.PUSH),
        ("SMSTO:+31201234567:hallo", Sort.PHONE),
        ("hello", Sort.TEXT),
        ("", Sort.TEXT),
    ],
)
def test_other_codes_are_named_and_not_taken(text: str, sort: Sort) -> None:
    assert understand(text) == Unknown(sort)


def test_every_other_code_has_a_trouble_of_its_own() -> None:
    troubles = [refused(Unknown(sort)) for sort in Sort]
    troubles += [refused(Wifi("Rail")), refused(LoginLink("https://x", CODE))]
    assert len(set(troubles)) == len(Sort) + 2


def test_a_network_code_is_known_as_one() -> None:
    assert understand("WIFI:T:WPA;S:Rail;P:geheim-7;;") == Wifi("Rail", "geheim-7")


def test_a_code_generator_is_read() -> None:
    assert isinstance(understand(f"otpauth://totp/x?secret={SECRET}"), OtpCandidate)


@pytest.mark.parametrize("length", [4097, 5000, 1_000_000])
def test_a_code_of_thousands_of_characters_is_refused(length: int) -> None:
    with pytest.raises(NotTaken) as refusal:
        understand("x" * length)
    assert refusal.value.why is Trouble.TOO_LONG


@given(st.text(max_size=200))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for form in (text, f"https://{text}/e#{CODE}", f"otpauth://totp/{text}", f"wifi:{text}"):
        assert CODE not in said_of(form)
