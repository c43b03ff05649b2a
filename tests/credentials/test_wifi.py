"""The code of a wireless network: what is read from it, and what is refused whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken
from appliance.credentials.wifi import Wifi, parse


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("WIFI:T:WPA;S:Rail;P:geheim-7;;", Wifi("Rail", "geheim-7")),
        ("WIFI:S:Rail;T:WPA;P:geheim-7;H:true;;", Wifi("Rail", "geheim-7", hidden=True)),
        ("wifi:t:sae;s:Rail;p:geheim-7;h:false;;", Wifi("Rail", "geheim-7")),
        ("WIFI:T:nopass;S:Gasten;;", Wifi("Gasten")),
        ("WIFI:T:nopass;S:Gasten;P:not a secret;;", Wifi("Gasten")),
        ("WIFI:S:Gasten", Wifi("Gasten")),
        ("WIFI:S:Rail;P:geheim-7;", Wifi("Rail", "geheim-7")),
        (r"WIFI:T:WPA;S:a\;b\:c\\d\,e;P:\"geheim\;\";;", Wifi(r"a;b:c\d,e", '"geheim;"')),
        ('WIFI:T:WPA;S:"1234ABCD";P:"geheim-7";;', Wifi("1234ABCD", "geheim-7")),
        ("WIFI:T:WPA;S:Café 漢字;P:wachtwoordé;;", Wifi("Café 漢字", "wachtwoordé")),
        ("WIFI:T:WPA;S:Rail;P:geheim-7;K:AAAA;;", Wifi("Rail", "geheim-7")),
    ],
)
def test_a_network_is_read_with_its_escapes(text: str, network: Wifi) -> None:
    assert parse(text) == network


@pytest.mark.parametrize(
    "text",
    [
        "WIFI:",
        "WIFI:;;",
        "WIFI:T:WPA;P:geheim-7;;",
        "WIFI:T:WPA;S:;P:geheim-7;;",
        "WIFI:T:WPA;S:Rail;;",
        "WIFI:T:WPA;S:Rail;P:short;;",
        f"WIFI:T:WPA;S:Rail;P:{'x' * 64};;",
        f"WIFI:T:WPA;S:{'x' * 33};P:geheim-7;;",
        f"WIFI:T:WPA;S:{'é' * 17};P:geheim-7;;",
        "WIFI:T:WEP;S:Rail;P:geheim-7;;",
        "WIFI:T:WPA2-EAP;S:Rail;P:geheim-7;;",
        "WIFI:T:WPA;S:Rail;S:Other;P:geheim-7;;",
        "WIFI:T:WPA;S:Ra\nil;P:geheim-7;;",
        "WIFI:T:WPA;S:Rail\u202e;P:geheim-7;;",
        "WIFI:T:WPA;S:Rail;P:geheim-7;;more",
        "WIFI:T:WPA;S:Rail;P:geheim-7\\",
        f"WIFI:S:Rail;{'K:1;' * 17};",
        "http://T:WPA;S:Rail;;",
    ],
)
def test_what_no_token_can_join_is_refused_whole(text: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        parse(text)
    assert refusal.value.why is Trouble.WIFI_UNFIT


def test_a_code_of_thousands_of_characters_is_too_long() -> None:
    with pytest.raises(NotTaken) as refusal:
        parse(f"WIFI:S:Rail;K:{'x' * 4000};;")
    assert refusal.value.why is Trouble.TOO_LONG


def test_a_password_is_never_printed() -> None:
    assert "geheim" not in repr(parse("WIFI:T:WPA;S:Rail;P:geheim-7;;"))


def escaped(words: str) -> str:
    return "".join(f"\\{letter}" if letter in '\\;,:"' else letter for letter in words)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=8, max_size=10)


@given(WORDS, WORDS)
def test_every_name_and_password_comes_back_as_it_was(name: str, password: str) -> None:
    if len(name.encode()) <= 32:
        found = parse(f"WIFI:T:WPA;S:{escaped(name)};P:{escaped(password)};;")
        assert found == Wifi(name, password)


@given(st.text(max_size=120))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        found = parse(f"WIFI:{text}")
    except NotTaken:
        return
    assert 1 <= len(found.name.encode()) <= 32
    assert not found.password or 8 <= len(found.password.encode()) <= 63
