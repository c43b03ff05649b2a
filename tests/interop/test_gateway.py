"""Delivery through the portal's relay, on the real processes: privacyIDEA rings, a signed letter stirs the poll."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.administrator import PrivacyIdea, Token
from tests.interop.hands_on import Panel, logged_in
from tests.story.house import House, house
from tests.tour.hands import Hands


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Portal and token, linked to each other."""
    with house(tmp_path_factory.mktemp("house")) as lived_in:
        lived_in.is_linked()
        yield lived_in
        assert "Traceback" not in lived_in.log()


@pytest.fixture(scope="module")
def made(server: PrivacyIdea, home: House) -> Token:
    """A push token with a gateway, linked on the same device."""
    server.gateway("deurbel", f"{home.portal.url}/device/v1/ring")
    with server.policy("enrollment", push_firebase_configuration="deurbel", **url(server)):
        token = server.make("push")
    assert token.parameters["poll_only"] == "False"
    home.hands.hold_for("Menu")
    home.hands.sees("Menu")
    home.hands.nudge_to("▸ Scan QR-code")
    Panel(home.folder, home.token, home.hands).links(token)
    return token


def url(server: PrivacyIdea) -> dict[str, object]:
    return {"push_registration_url": f"{server.url}/ttype/push"}


def approve(hands: Hands) -> None:
    hands.sees("Logt u in?")
    hands.settle()
    hands.nudge_to("▸ Ja")
    hands.hold()
    hands.sees("Goedgekeurd")


def letters(home: House) -> int:
    return home.log().count("letter taken: True")


def test_a_ring_at_the_relay_brings_the_login_to_the_panel(
    server: PrivacyIdea, home: House, made: Token
) -> None:
    before = letters(home)
    login = server.signs_in(made.serial)
    home.hands.sees("Logt u in?")
    assert letters(home) == before + 1
    approve(home.hands)
    assert logged_in(server, made.serial, login)


def test_the_server_knows_an_address_that_tells_nothing(server: PrivacyIdea, made: Token) -> None:
    address = server.info(made.serial)["info"]["firebase_token"]
    assert len(address) == 32
    assert address.isalnum()


def test_with_the_relay_down_the_slow_poll_still_brings_it(
    server: PrivacyIdea, home: House, made: Token
) -> None:
    home.portal.process.kill()
    home.portal.process.wait(10)
    login = server.signs_in(made.serial)
    home.hands.tap()
    approve(home.hands)
    assert logged_in(server, made.serial, login)
