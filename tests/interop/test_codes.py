"""Codes of every kind that the real server hands out, scanned by the device and judged by the server itself."""

from __future__ import annotations

import pytest

from appliance.authenticator import effects_runner
from appliance.core.accounts import Kind
from appliance.core.effects import GiveCode
from appliance.core.events import CodeReady
from tests.interop.administrator import PrivacyIdea
from tests.interop.device import Device


def code(desk: Device, *, ahead: bool = False) -> str:
    """What the vault makes for the newest account now."""
    asked = GiveCode(desk.account.id, ahead=ahead)
    (ready,) = effects_runner.run(desk.work, asked, desk.desk, desk.now)
    assert isinstance(ready, CodeReady)
    return ready.code.digits


@pytest.mark.parametrize("digits", [6, 8])
@pytest.mark.parametrize("period", [30, 60])
@pytest.mark.parametrize("method", ["sha1", "sha256", "sha512"])
def test_timed_codes_are_taken(
    server: PrivacyIdea, desk: Device, method: str, digits: int, period: int
) -> None:
    token = server.make("totp", hashlib=method, otplen=digits, timeStep=period)
    desk.scans(token.url)
    desk.hold()
    assert len(code(desk)) == digits
    assert server.accepts(token.serial, code(desk))
    assert server.accepts(token.serial, code(desk, ahead=True))


def test_counter_codes_begin_where_the_url_says(server: PrivacyIdea, desk: Device) -> None:
    token = server.make("hotp", hashlib="sha256", otplen=8)
    desk.scans(token.url)
    desk.hold()
    assert token.parameters["counter"] == "1"
    first, second = code(desk), code(desk)
    assert server.accepts(token.serial, first)
    assert not server.accepts(token.serial, first)
    assert server.accepts(token.serial, second)


def test_a_day_password_is_taken_again_and_again(server: PrivacyIdea, desk: Device) -> None:
    token = server.make("daypassword", timeStep="24h")
    desk.scans(token.url)
    desk.hold()
    assert (desk.account.kind, desk.account.period) == (Kind.TOTP, 86_400)
    assert server.accepts(token.serial, code(desk))
    assert server.accepts(token.serial, code(desk))


@pytest.mark.parametrize("kind", ["totp", "hotp"])
@pytest.mark.parametrize("method", ["sha1", "sha256", "sha512"])
def test_two_steps_make_a_secret_that_neither_side_had(
    server: PrivacyIdea, desk: Device, kind: str, method: str
) -> None:
    begun = server.make(kind, **{"2stepinit": 1, "hashlib": method})
    desk.scans(begun.url)
    desk.hold()
    assert "Type at the server" in desk.words
    text = shown_text(desk)
    assert len(text) == 20
    desk.hold()
    assert not desk.account.to_type
    told = {"serial": begun.serial, "otpkey": text, "otpkeyformat": "base32check"}
    server.ask("POST", "/token/init", type=kind, **told)
    assert server.accepts(begun.serial, code(desk))


def shown_text(desk: Device) -> str:
    """The text as a person reads it off the panel, page by page."""
    pieces = []
    while "Taken by the server?" not in desk.words:
        pieces.append(desk.words.split("|")[1].replace(" ", ""))
        desk.tap()
    return "".join(pieces)


def test_a_slip_in_the_typed_text_is_noticed(server: PrivacyIdea, desk: Device) -> None:
    begun = server.make("totp", **{"2stepinit": 1})
    desk.scans(begun.url)
    desk.hold()
    text = shown_text(desk)
    slipped = ("A" if text[0] != "A" else "B") + text[1:]
    told = {"serial": begun.serial, "otpkey": slipped, "otpkeyformat": "base32check"}
    said = server.call("POST", "/token/init", type="totp", **told)
    assert said["result"]["error"]["message"].endswith("Incorrect checksum")


def test_a_text_that_was_not_typed_yet_can_be_shown_again(
    server: PrivacyIdea, desk: Device
) -> None:
    desk.scans(server.make("totp", **{"2stepinit": 1}).url)
    desk.hold()
    first = shown_text(desk)
    desk.tap()
    desk.hold()
    assert "Not finished" in desk.words
    desk.hold()
    assert shown_text(desk) == first


def test_a_service_that_wants_a_pin_shows_no_code_without_one(
    server: PrivacyIdea, desk: Device
) -> None:
    with server.policy("enrollment", totp_app_force_unlock="any"):
        desk.scans(server.make("totp").url)
    desk.hold()
    desk.tap()
    desk.passes(1)
    assert "This service wants a PIN" in desk.words
