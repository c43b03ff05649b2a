"""A container's renewal that the device begins, at the real server: lost replies, a power cut, and words asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.accounts import Kind
from appliance.core.elsewhere import WordsTyped
from tests.interop.administrator import PrivacyIdea
from tests.interop.device import Device
from tests.interop.test_containers import code_of, container, held, registered, secret_of, state


@pytest.fixture
def allowed(server: PrivacyIdea) -> Iterator[None]:
    """The server lets a device begin it."""
    rights = {"privacyIDEA_server_url": server.url, "container_client_rollover": True}
    with server.policy("container", **rights):
        yield


def asks_to_renew(desk: Device) -> None:
    """Menu, Update account, and what a longer hold would do."""
    desk.tap()
    desk.hold()
    desk.chooses("Update account")
    assert "Up to date" in desk.words
    desk.hold()
    assert "Older codes stop working" in desk.words


def renews(desk: Device) -> None:
    """Asked for, and held for."""
    asks_to_renew(desk)
    desk.hold()


@pytest.mark.usefixtures("allowed")
def test_the_device_renews_its_container_and_all_its_codes(
    server: PrivacyIdea, desk: Device
) -> None:
    timed, counted = server.make("totp"), server.make("hotp")
    serial = registered(server, desk, timed.serial, counted.serial)
    ids, old = [a.id for a in desk.desk.accounts], secret_of(desk, timed.serial)
    code_of(desk, counted.serial)
    renews(desk)
    assert "Everything is renewed" in desk.words
    assert state(server, serial) == "registered"
    assert [a.id for a in desk.desk.accounts] == ids
    assert secret_of(desk, timed.serial) != old
    for token in (timed, counted):
        assert server.accepts(token.serial, code_of(desk, token.serial))


@pytest.mark.usefixtures("allowed")
def test_a_push_token_of_it_gets_another_key(server: PrivacyIdea, desk: Device) -> None:
    push = server.make("push")
    registered(server, desk, push.serial)
    desk.key()
    renews(desk)
    desk.key()
    assert "Everything is renewed" in desk.words
    desk.tap()
    server.signs_in(push.serial)
    assert desk.polls() == "request"
    assert [a.kind for a in desk.desk.accounts].count(Kind.PUSH) == 1


def test_a_server_that_does_not_allow_it_is_named(server: PrivacyIdea, desk: Device) -> None:
    token = server.make("totp")
    registered(server, desk, token.serial)
    renews(desk)
    assert "The server does not allow it" in desk.words
    assert server.accepts(token.serial, code_of(desk, token.serial))


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("lost", ["container/rollover", "finalize", "synchronize"])
def test_a_lost_reply_leaves_a_key_that_works(server: PrivacyIdea, desk: Device, lost: str) -> None:
    """Whichever reply never came back: the next exchange ends with codes that the server takes."""
    token = server.make("totp")
    serial = registered(server, desk, token.serial)
    asks_to_renew(desk)
    desk.lost_replies.add(lost)
    desk.hold()
    desk.passes(61)
    desk.lost_replies.clear()
    desk.passes(4000)
    desk.passes(1)
    assert state(server, serial) in {"registered", "rollover"}
    assert server.accepts(token.serial, code_of(desk, token.serial))
    assert not any(account.unfinished for account in desk.desk.accounts)


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("reached", [True, False])
def test_a_power_cut_in_the_middle_is_mended_after_the_start(
    server: PrivacyIdea, desk: Device, tmp_path: Path, reached: bool
) -> None:
    """The new key was sent, or was not; both keys are in the vault, and the device finds out by itself."""
    token = server.make("totp")
    serial = registered(server, desk, token.serial)
    asks_to_renew(desk)
    desk.stops_before = "synchronize" if reached else "finalize"
    desk.hold()
    assert state(server, serial) == ("rollover_completed" if reached else "rollover")
    desk.close()
    again = Device(tmp_path)
    assert "Not finished" in shown(again, serial)
    again.passes(1)
    again.passes(30)
    assert "Not finished" not in shown(again, serial)
    assert server.accepts(token.serial, code_of(again, token.serial))
    again.close()


def shown(desk: Device, serial: str) -> str:
    """Home, at the container."""
    for _ in desk.desk.accounts:
        if serial in desk.words:
            return desk.words
        desk.tap()
    raise AssertionError(desk.words)


def asking(server: PrivacyIdea, **more: object) -> str:
    """A container whose server asks for words before it registers anybody."""
    made = server.ask("POST", "/container/init", type="smartphone")
    serial = str(made["result"]["value"]["container_serial"])
    about = {"container_serial": serial, "passphrase_prompt": "Uw personeelsnummer?", **more}
    with server.policy("container", privacyIDEA_server_url=server.url):
        said = server.ask("POST", "/container/register/initialize", **about)
    return str(said["result"]["value"]["container_url"]["value"])


def test_words_that_a_server_asks_for_are_spelled_with_the_button(
    server: PrivacyIdea, desk: Device
) -> None:
    desk.scans(asking(server, passphrase_response="b2"))
    desk.hold()
    assert "Uw personeelsnummer?" in desk.words
    desk.tap()
    for group, letter in (("a–i", "b"), ("0–9", "2")):
        desk.chooses(group)
        desk.chooses(letter)
    desk.chooses("Done")
    assert "Link complete" in desk.words
    assert container(desk)


def test_wrong_words_are_asked_again_and_those_of_the_page_are_taken(
    server: PrivacyIdea, desk: Device, caplog: pytest.LogCaptureFixture
) -> None:
    desk.scans(asking(server, passphrase_response="Zeer geheim 7!"))
    desk.hold()
    desk.live(WordsTyped("zeer geheim 7!"))
    assert "Wrong. Once more" in desk.words
    assert held(desk) == set()
    desk.live(WordsTyped("Zeer geheim 7!"))
    assert "Link complete" in desk.words
    assert "geheim" not in caplog.text.lower()


def test_words_do_not_go_with_the_body_unless_the_server_wants_them(
    server: PrivacyIdea, desk: Device
) -> None:
    desk.scans(asking(server, passphrase_response="appel"))
    desk.hold()
    desk.live(WordsTyped("appel"))
    assert not any("appel" in errand.body for errand in desk.carried)


def test_after_five_wrong_words_another_code_is_needed(server: PrivacyIdea, desk: Device) -> None:
    desk.scans(asking(server, passphrase_response="appel"))
    desk.hold()
    for _ in range(5):
        desk.live(WordsTyped("peer"))
    assert "Wrong too often" in desk.words
    assert desk.desk.accounts == ()
