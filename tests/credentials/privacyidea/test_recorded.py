"""Known answers: what the real server said is understood, and what it took is made again to the letter."""

from __future__ import annotations

import base64
from datetime import datetime

import pytest

from appliance.core.errors import Refused
from appliance.credentials.privacyidea import answers, containers, enrolment, replies
from appliance.credentials.privacyidea.answers import Reason
from appliance.credentials.privacyidea.challenges import polled
from tests.credentials.privacyidea.recorded import PRIVATE, SAID, SERIAL, SERVER, challenge


def test_the_code_is_read_whole() -> None:
    found = enrolment.parse(SAID["url"])
    assert (found.serial, found.label, found.issuer) == (SERIAL, SERIAL, "privacyIDEA")
    assert found.url == f"http://{found.host}/ttype/push"
    assert (found.ttl, found.checks_tls, found.poll_only, found.must_pin) == (
        600,
        True,
        True,
        False,
    )
    assert len(found.credential) == 40
    assert found.credential not in repr(found)


def test_the_same_poll_is_signed_the_same_way() -> None:
    moment = datetime.fromisoformat(SAID["poll"]["timestamp"]).timestamp()
    assert answers.poll(PRIVATE, SERIAL, moment) == SAID["poll"]


def test_the_same_refusal_is_signed_the_same_way() -> None:
    assert answers.decline(PRIVATE, SERIAL, challenge("plain"), Reason.NOT_ME) == SAID["not_me"]


def test_an_idle_poll_brings_nothing() -> None:
    assert polled(SAID["empty"], SERIAL, SERVER).challenges == ()


def test_texts_with_bars_and_foreign_letters_are_believed_as_they_are() -> None:
    found = challenge("plain")
    assert found.question.startswith("Inloggen op Röntgen | kamer 4 als")
    assert found.title == "Ziekenhuis é€"
    assert found.takes_reasons
    assert found.options == ()


def test_presence_brings_its_options() -> None:
    assert sorted(challenge("presence").options) == ["appel", "kers", "peer"]


def test_two_hundred_is_not_a_yes() -> None:
    assert replies.answered(SAID["not_me_reply"]).taken
    assert not replies.answered(SAID["again_reply"]).taken


def test_the_digits_come_from_the_reply() -> None:
    said = replies.answered(SAID["code_reply"])
    assert (said.taken, said.digits) == (True, "30")
    assert "30" not in repr(said)


def test_the_servers_clock_comes_from_its_error() -> None:
    said = replies.failure(SAID["skew_reply"])
    assert said.code == replies.SIGNATURE
    assert said.server_time == pytest.approx(1_795_418_678, abs=3600)


def test_what_a_container_hands_out_is_unsealed() -> None:
    exchange = base64.b64decode(SAID["exchange"])
    found = containers.synchronised(SAID["sync_reply"], exchange)
    (text,) = found.add
    assert text.startswith("otpauth://totp/")
    with pytest.raises(Refused):
        containers.synchronised(SAID["sync_reply"], bytes(32))


def test_a_containers_code_is_read_whole() -> None:
    found = containers.parse(SAID["container"])
    assert found.serial.startswith("SMPH")
    assert found.issuer == "privacyIDEA"
    assert found.nonce not in repr(found)
    private = base64.b64decode(SAID["container_private"])
    body = containers.finalize(found, private)
    assert body["public_client_key"].startswith("-----BEGIN PUBLIC KEY-----\n")
