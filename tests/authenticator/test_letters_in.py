"""Which letters reach the panel: only whole, new, timely ones from the pinned key of that very account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import OKPKey

from appliance.authenticator.keys import PlainFile
from appliance.authenticator.letters_in import Letters, Opened
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import Kept, new_pair
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now, Trust
from appliance.core.events import Requested, RequestEnded
from appliance.core.requests import Asks, Outcome
from appliance.credentials.candidates import Algorithm
from appliance.wire.jose import public
from tests.authenticator.fakes import WALL
from tests.authenticator.portal import ORIGIN, Portal

NOW = Now(50.0, WALL + 1, Trust.SYNCED)
LOST = replace(NOW, trust=Trust.UNKNOWN)


def linked(portal: Portal, name: str = "a") -> Kept:
    return Kept(
        id=name,
        kind=Kind.PORTAL,
        label="jan",
        issuer="Rail",
        secret=bytes(20),
        algorithm=Algorithm.SHA1,
        digits=6,
        period=30,
        origin=ORIGIN,
        person="jan",
        device=portal.device,
        pinned=(public(portal.key),),
        sign=new_pair("Ed25519"),
    )


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def vault(tmp_path: Path, portal: Portal) -> Iterator[Vault]:
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    vault.keep(linked(portal))
    yield vault
    vault.close()


@pytest.fixture
def letters(vault: Vault) -> Letters:
    return Letters(vault)


def refused(opened: Opened) -> str:
    assert not opened.taken
    assert opened.events == ()
    return opened.reason


def test_an_unlock_request_says_when_and_from_where(letters: Letters, portal: Portal) -> None:
    opened = letters.take("a", portal.letter(kind="unlock", note="5 × 14:02 Utrecht"), NOW)
    (event,) = opened.events
    assert isinstance(event, Requested)
    assert (event.request.asks, event.request.note) == (Asks.UNLOCK, "5 × 14:02 Utrecht")


def test_a_note_that_is_too_long_is_not_shown(letters: Letters, portal: Portal) -> None:
    opened = letters.take("a", portal.letter(kind="unlock", note="x" * 513), NOW)
    assert refused(opened) == "unknown"


def test_a_good_letter_asks_the_person(letters: Letters, portal: Portal) -> None:
    opened = letters.take("a", portal.letter(jti="j1", match="number"), NOW)
    (event,) = opened.events
    assert isinstance(event, Requested)
    assert (event.request.id, event.request.person, event.request.place) == ("j1", "jan", "Utrecht")
    assert event.request.deadline == NOW.monotonic + 119


def test_a_letter_under_another_key_is_forged(letters: Letters) -> None:
    assert refused(letters.take("a", Portal().letter(), NOW)) == "forged"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_an_altered_letter_is_forged(letters: Letters, portal: Portal, part: int) -> None:
    parts = portal.letter().split(".")
    parts[part] = parts[part][:-5] + ("A" if parts[part][-5] != "A" else "B") + parts[part][-4:]
    assert refused(letters.take("a", ".".join(parts), NOW)) == "forged"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "." * 20000, "é.é.é"])
def test_noise_is_forged(letters: Letters, text: str) -> None:
    assert refused(letters.take("a", text, NOW)) == "forged"


@pytest.mark.parametrize("other", [{"aud": "dev-2"}, {"iss": "https://other.example"}])
def test_a_letter_for_somebody_else_is_foreign(
    letters: Letters, portal: Portal, other: dict[str, str]
) -> None:
    assert refused(letters.take("a", portal.letter(**other), NOW)) == "foreign"


def test_a_letter_for_an_unknown_account_is_refused(letters: Letters, portal: Portal) -> None:
    assert refused(letters.take("b", portal.letter(), NOW)) == "forged"


def test_an_expired_letter_is_refused(letters: Letters, portal: Portal) -> None:
    late = replace(NOW, wall=WALL + 120)
    assert refused(letters.take("a", portal.letter(), late)) == "expired"


def test_a_letter_from_the_future_is_refused(letters: Letters, portal: Portal) -> None:
    early = replace(NOW, wall=WALL - 301)
    assert refused(letters.take("a", portal.letter(), early)) == "clock"


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "transfer"},
        {"match": "blink"},
        {"jti": ""},
        {"jti": "x" * 129},
        {"person": "x" * 513},
        {"exp": WALL},
        {"iat": -1.0},
        {"kind": "closed"},
        {"kind": "closed", "request": "x", "outcome": "won"},
    ],
)
def test_a_signed_letter_that_makes_no_sense_is_refused(
    letters: Letters, portal: Portal, other: dict[str, object]
) -> None:
    assert refused(letters.take("a", portal.letter(**other), NOW)) == "unknown"


def test_a_repeated_letter_is_shown_once(letters: Letters, portal: Portal) -> None:
    text = portal.letter()
    assert letters.take("a", text, NOW).events
    assert letters.take("a", text, NOW) == Opened(taken=True, reason="known")


def test_an_answered_letter_stays_known_after_a_restart(
    vault: Vault, letters: Letters, portal: Portal
) -> None:
    text = portal.letter(jti="j1")
    letters.take("a", text, NOW)
    waiting = letters.awaiting("j1")
    assert waiting is not None
    assert letters.count_answer("j1", waiting) == 1
    assert Letters(vault).take("a", text, LOST).reason == "known"
    assert vault.ledger("a").count == 1


def test_an_open_letter_is_shown_again_after_a_restart(
    vault: Vault, letters: Letters, portal: Portal
) -> None:
    text = portal.letter()
    letters.take("a", text, NOW)
    letters.settle()
    assert Letters(vault).take("a", text, NOW).events


def test_without_a_clock_a_letter_counts_from_its_arrival_for_two_minutes_at_most(
    letters: Letters, portal: Portal
) -> None:
    (event,) = letters.take("a", portal.letter(exp=WALL + 9000), LOST).events
    assert isinstance(event, Requested)
    assert event.request.deadline == LOST.monotonic + 120


def test_without_a_clock_an_old_letter_is_told_by_the_newest_one(
    vault: Vault, letters: Letters, portal: Portal
) -> None:
    old = portal.letter(iat=WALL - 200, exp=WALL - 80)
    letters.take("a", portal.letter(), LOST)
    letters.settle()
    assert refused(Letters(vault).take("a", old, LOST)) == "expired"


def test_a_closed_letter_ends_the_request(letters: Letters, portal: Portal) -> None:
    letters.take("a", portal.letter(jti="j1"), NOW)
    closed = portal.letter(kind="closed", request="j1", outcome="cancelled")
    assert letters.take("a", closed, NOW).events == (RequestEnded("j1", Outcome.CANCELLED),)
    assert letters.waiting == 0


def test_a_letter_that_comes_after_its_own_end_is_not_shown(
    letters: Letters, portal: Portal
) -> None:
    letters.take("a", portal.letter(kind="closed", request="j1", outcome="code"), NOW)
    assert letters.take("a", portal.letter(jti="j1"), NOW).reason == "known"


def test_one_portal_cannot_close_the_request_of_another(
    vault: Vault, letters: Letters, portal: Portal
) -> None:
    other = Portal(device="dev-2")
    vault.keep(msgspec.structs.replace(linked(other, "b"), device="dev-2"))
    letters.take("a", portal.letter(jti="j1"), NOW)
    closed = other.letter(kind="closed", request="j1", outcome="cancelled")
    assert refused(letters.take("b", closed, NOW)) == "foreign"
    assert letters.awaiting("j1") is not None


def test_what_is_remembered_stays_small(letters: Letters, portal: Portal) -> None:
    for number in range(300):
        when = WALL + number
        text = portal.letter(iat=when, exp=when + 60)
        letters.take("a", text, replace(NOW, wall=when, monotonic=float(number)))
        letters.tick(float(number))
    assert len(letters.ledger("a").seen) <= 121


def test_a_key_that_was_not_pinned_signs_nothing_even_in_the_right_form(
    letters: Letters, portal: Portal
) -> None:
    thief = Portal(key=OKPKey.generate_key("Ed25519", auto_kid=False), device=portal.device)
    closed = thief.letter(kind="closed", request="j1", outcome="cancelled")
    assert refused(letters.take("a", closed, NOW)) == "forged"


def test_the_newest_letter_is_the_floor_of_the_time_also_after_a_restart(
    vault: Vault, letters: Letters, portal: Portal
) -> None:
    letters.take("a", portal.letter(), NOW)
    letters.settle()
    assert letters.floor == Letters(vault).floor == WALL
