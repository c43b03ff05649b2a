"""What goes wrong between a device and its push server: each gets its own sentence, and nothing half-done is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from appliance.core.settings import Settings
from tests.interop.device import Device
from tests.interop.stand_in import CODE, SERIAL, StandIn

NONCE, OTHER = "A" * 32, "B" * 32


@pytest.fixture
def server() -> StandIn:
    return StandIn()


@pytest.fixture
def desk(tmp_path: Path, server: StandIn) -> Iterator[Device]:
    there = Device(tmp_path, httpx.Client(transport=server))
    yield there
    there.close()


@pytest.fixture
def linked(desk: Device) -> Device:
    desk.links(CODE)
    desk.tap()
    assert "Waits for a login" in desk.words
    return desk


def settle(desk: Device) -> None:
    """Let every repetition that may still come have its turn."""
    for _ in range(60):
        desk.passes(1.0)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("tls", "The portal cannot be trusted"),
        ("no network", "No network"),
        ("slow", "No answer came back"),
        ("redirect", "No answer came back"),
        ("500", "No answer came back"),
        ("404", "The QR code has expired"),
        ("nonsense", "The key was not accepted"),
    ],
)
def test_a_rollout_that_fails_says_why_and_keeps_nothing(
    desk: Device, server: StandIn, fault: str, sentence: str
) -> None:
    desk.scans(CODE)
    desk.hold()
    server.faults.extend([fault] * (30 if fault == "no network" else 1))
    desk.key()
    told = desk.words
    for _ in range(50):
        if "Linking" not in desk.words:
            break
        desk.passes(1.0)
        told = desk.words
    assert sentence in told
    assert desk.desk.accounts == ()
    assert desk.work.vault.accounts() == ()


def test_a_lost_reply_is_never_sent_again(desk: Device, server: StandIn) -> None:
    desk.lost_replies.add("POST")
    desk.links(CODE)
    assert "No answer came back" in desk.words
    settle(desk)
    assert sum("pubkey" in form for form in server.heard) == 1


def test_a_key_that_the_server_cannot_use_shows_before_it_is_said_to_be_linked(
    desk: Device, server: StandIn
) -> None:
    desk.scans(CODE)
    desk.hold()
    server.faults.extend(["", "500"])
    desk.key()
    assert "The key was not accepted" in desk.words
    assert desk.desk.accounts == ()


def test_giving_up_while_the_key_is_made_sends_nothing(desk: Device, server: StandIn) -> None:
    desk.scans(CODE)
    desk.hold()
    assert "A key is being made" in desk.words
    desk.hold()
    assert "Nothing was saved" in desk.words
    desk.key()
    assert server.heard == []


def test_a_code_that_is_too_old_is_not_used(desk: Device, server: StandIn) -> None:
    desk.scans(CODE.replace("ttl=10", "ttl=0"))
    desk.hold()
    assert "The QR code has expired" in desk.words
    assert server.heard == []


def test_a_server_without_a_checked_certificate_needs_its_owners_word(desk: Device) -> None:
    unchecked = CODE.replace("sslverify=1", "sslverify=0")
    desk.scans(unchecked)
    assert "TLS would not be checked" in desk.words
    desk.tap()
    desk.work.vault.write_settings(Settings(server_exceptions=("mfa.example.org",)))
    desk.links(unchecked)
    assert all(errand.unchecked for errand in desk.carried)
    desk.tap()
    assert "Server not checked" in desk.words


def test_an_older_server_knows_one_no(linked: Device, server: StandIn) -> None:
    server.open.append(NONCE)
    linked.polls()
    linked.chooses("No")
    assert "Denied" in linked.words
    assert "decline_reason" not in server.heard[-1]


def test_two_requests_come_one_after_the_other(linked: Device, server: StandIn) -> None:
    server.open.extend([NONCE, OTHER])
    linked.polls()
    assert len(linked.desk.facts.waiting) == 2
    linked.chooses("Yes")
    linked.tap()
    linked.chooses("Yes")
    assert server.open == []


def test_the_same_challenge_polled_twice_is_asked_once(linked: Device, server: StandIn) -> None:
    server.open.append(NONCE)
    assert linked.polls() == "request"
    assert linked.polls() == "quiet"
    assert len(linked.desk.facts.waiting) == 1


def test_a_challenge_that_vanished_leaves_the_panel(linked: Device, server: StandIn) -> None:
    server.open.append(NONCE)
    linked.polls()
    server.open.clear()
    linked.polls()
    assert "Cancelled" in linked.words


def test_an_answer_that_was_not_delivered_can_be_given_again(
    linked: Device, server: StandIn
) -> None:
    server.open.append(NONCE)
    linked.polls()
    server.faults.append("slow")
    linked.chooses("Yes")
    assert "Not sent" in linked.words
    linked.tap()
    linked.chooses("Yes")
    assert "Approved" in linked.words
    assert server.open == []


def test_a_request_dies_after_two_minutes(linked: Device, server: StandIn) -> None:
    server.open.append(NONCE)
    linked.polls()
    linked.passes(121.0)
    assert "Request expired" in linked.words
    assert linked.polls() == "quiet"


@pytest.mark.parametrize(
    ("fault", "news"),
    [
        ("tls", "not-trusted"),
        ("no network", "no-network"),
        ("slow", "timeout"),
        ("redirect", "portal-down"),
        ("500", "portal-down"),
        ("403", "refused"),
        ("nonsense", "refused"),
    ],
)
def test_a_poll_that_fails_is_told_apart(
    linked: Device, server: StandIn, fault: str, news: str
) -> None:
    server.open.append(NONCE)
    server.faults.append(fault)
    assert linked.polls() == news
    assert linked.polls() == "request"


def test_abilities_without_a_signature_are_not_believed(linked: Device, server: StandIn) -> None:
    server.open.append(NONCE)
    server.extra = {"capabilities": '{"decline_reason": true}'}
    assert linked.polls() == "quiet"


def test_texts_from_outside_are_cleaned_and_clipped(linked: Device, server: StandIn) -> None:
    server.texts = {"question": "Ja?\u202e\x1b[2J\n" + "x" * 1500, "title": "\x00" + "é" * 1500}
    server.open.append(NONCE)
    assert linked.polls() == "request"
    assert not {"\x1b", "\u202e", "\x00"} & set(linked.words)
    linked.chooses("Yes")
    assert server.open == []


def test_nothing_secret_is_in_a_record_or_a_name(linked: Device) -> None:
    kept = linked.work.vault.kept(linked.account.id)
    assert kept.push is not None
    for words in (repr(kept), repr(kept.push), repr(linked.work.push), SERIAL):
        assert "private" not in words
