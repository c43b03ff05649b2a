"""A push token that is handed out in the middle of a login: whoever scans its code approves that very login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.interop.administrator import REALM, PrivacyIdea, Token
from tests.interop.device import Device


@pytest.fixture
def begun(server: PrivacyIdea) -> Iterator[dict[str, Any]]:
    """Bram, who has no token yet, types his password; the login page shows him a QR code."""
    policy = {"passOnNoToken": True, "enroll_via_multichallenge": "push"}
    with server.policy("authentication", **policy):
        detail = server.user_signs_in("bram")["detail"]
        yield detail
    server.delete(detail["serial"])


def offered(begun: dict[str, Any]) -> Token:
    """The token in that QR code."""
    return Token(begun["serial"], begun["link"], begun)


def test_it_is_said_before_the_hold_that_linking_is_also_approving(
    server: PrivacyIdea, desk: Device, begun: dict[str, Any]
) -> None:
    desk.scans(offered(begun).url)
    assert "Linking is also approving" in desk.words
    desk.tap()
    assert server.status(begun["transaction_id"]) == "pending"


def test_linking_answers_the_login_and_the_token_works_afterwards(
    server: PrivacyIdea, desk: Device, begun: dict[str, Any]
) -> None:
    token = offered(begun)
    desk.links(token.url)
    assert "Link complete" in desk.words
    form = {"user": "bram", "realm": REALM, "transaction_id": begun["transaction_id"], "pass": ""}
    assert server.http.post("/validate/check", data=form).json()["result"]["value"]
    desk.tap()
    server.ask("POST", "/token/setpin", serial=token.serial, otppin="1234")
    server.signs_in(token.serial)
    assert desk.polls() == "request"


def test_whoever_says_no_to_the_offer_lets_nobody_in(
    server: PrivacyIdea, desk: Device, begun: dict[str, Any]
) -> None:
    desk.scans(offered(begun).url)
    desk.tap()
    assert "Nothing was saved" in desk.words
    form = {"user": "bram", "realm": REALM, "transaction_id": begun["transaction_id"], "pass": ""}
    assert not server.http.post("/validate/check", data=form).json()["result"]["value"]
