"""A challenge is believed only whole: any word, option or ability that the pinned key did not sign ends it."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from appliance.core.errors import Refused
from appliance.credentials.privacyidea import answers, keys, replies
from appliance.credentials.privacyidea.canonical import canonical
from appliance.credentials.privacyidea.challenges import Entry, polled, signed_words
from tests.credentials.privacyidea.recorded import (
    PRIVATE,
    SAID,
    SERIAL,
    SERVER,
    brought,
    challenge,
    entry,
)


@pytest.fixture(scope="module")
def own() -> tuple[bytes, bytes]:
    """A server's key of our own: private, and public as it is pinned."""
    key = rsa.generate_private_key(65537, 2048)
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    public = key.public_key().public_bytes(keys.DER, serialization.PublicFormat.PKCS1)
    return key.private_bytes(keys.DER, pkcs8, plain), public


def signed(own: tuple[bytes, bytes], **other: object) -> dict[str, object]:
    """A plain challenge of an older server, which says nothing of what it can do."""
    words = {
        "nonce": "A" * 32,
        "url": "https://mfa.example.org/ttype/push",
        "serial": SERIAL,
        "question": "Inloggen?",
        "title": "Werk",
        "sslverify": "1",
        **other,
    }
    unsigned = Entry(signature="", **words)  # type: ignore[arg-type]
    return {**words, "signature": keys.sign(own[0], signed_words(unsigned))}


@pytest.mark.parametrize("name", ["nonce", "url", "question", "title", "sslverify", "serial"])
def test_a_changed_word_is_a_forgery(name: str) -> None:
    changed = {**entry("plain"), name: "https://elders.example/ttype/push"}
    found = polled(brought(changed), SERIAL, SERVER)
    assert (found.challenges, found.forged) == ((), 1)


def test_changed_options_are_a_forgery() -> None:
    changed = {**entry("presence"), "require_presence": "appel,peer,druif"}
    assert polled(brought(changed), SERIAL, SERVER).challenges == ()
    bare = {key: value for key, value in entry("presence").items() if key != "require_presence"}
    assert polled(brought(bare), SERIAL, SERVER).challenges == ()


def test_abilities_that_are_not_signed_end_the_challenge() -> None:
    changed = {**entry("plain"), "capabilities": '{"decline_reason": false}'}
    assert polled(brought(changed), SERIAL, SERVER).challenges == ()
    unsigned = {**entry("plain"), "capabilities_signature": None}
    assert polled(brought(unsigned), SERIAL, SERVER).challenges == ()


def test_another_servers_key_makes_nothing_believed(own: tuple[bytes, bytes]) -> None:
    assert polled(SAID["plain"], SERIAL, own[1]).forged == 1


def test_an_older_server_says_nothing_of_its_abilities(own: tuple[bytes, bytes]) -> None:
    (found,) = polled(brought(signed(own)), SERIAL, own[1]).challenges
    assert not found.takes_reasons
    form = answers.decline(PRIVATE, SERIAL, found, answers.Reason.NOT_ME)
    assert "decline_reason" not in form
    assert form["signature"] == keys.sign(PRIVATE, f"{'A' * 32}|{SERIAL}|decline")


def test_one_challenge_listed_twice_is_one(own: tuple[bytes, bytes]) -> None:
    one = signed(own)
    assert len(polled(brought(one, one), SERIAL, own[1]).challenges) == 1


def test_one_forgery_does_not_hide_the_others(own: tuple[bytes, bytes]) -> None:
    found = polled(brought(entry("plain"), signed(own), {"nonce": 1}), SERIAL, own[1])
    assert (len(found.challenges), found.forged) == (1, 2)


@pytest.mark.parametrize(
    "odd",
    [
        {"nonce": "A|B"},
        {"nonce": ""},
        {"url": "http://mfa.example.org/ttype/push"},
        {"url": "file:///etc/passwd"},
        {"question": "x" * 3000},
        {"require_presence": "A"},
        {"require_presence": "A,A"},
        {"require_presence": "A,B|C"},
        {"require_presence": ""},
        {"require_presence": ",".join("ABCDEFGHIJK")},
    ],
)
def test_an_odd_challenge_is_not_shown_whoever_signed_it(
    own: tuple[bytes, bytes], odd: dict[str, object]
) -> None:
    assert polled(brought(signed(own, **odd)), SERIAL, own[1]).challenges == ()


def test_only_an_option_that_was_offered_is_signed() -> None:
    found = challenge("presence")
    assert answers.accept(PRIVATE, SERIAL, found, "peer")["presence_answer"] == "peer"
    for option in ("", "druif", "decline"):
        with pytest.raises(Refused):
            answers.accept(PRIVATE, SERIAL, found, option)
    with pytest.raises(Refused):
        answers.accept(PRIVATE, SERIAL, challenge("plain"), "peer")


@pytest.mark.parametrize("body", ["", "[]", '{"result": {"value": 4}}', "[" * 9000, "\udc80"])
def test_what_is_no_answer_to_a_poll_is_refused(body: str) -> None:
    with pytest.raises(Refused):
        polled(body, SERIAL, SERVER)


@pytest.mark.parametrize("moment", [0.0, -1.0, 4e10, float("nan"), float("inf")])
def test_an_odd_moment_is_not_signed(moment: float) -> None:
    with pytest.raises(Refused):
        answers.poll(PRIVATE, SERIAL, moment)


@pytest.mark.parametrize("key", ["", "x", base64.b64encode(b"0" * 64).decode(), "é"])
def test_a_server_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(Refused):
        keys.server_key(key)
    reply = {"result": {"value": True}, "detail": {"public_key": key}}
    with pytest.raises(Refused):
        replies.rolled_out(json.dumps(reply), SERIAL)


def test_canonical_json_is_that_of_rfc_8785() -> None:
    assert canonical({"b": [True, None, 1], "a": "é\n\u20ac"}) == '{"a":"é\\n€","b":[true,null,1]}'
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'
    for odd in (1.5, 2**60, {"a": 0.1}):
        with pytest.raises(Refused):
            canonical(odd)
