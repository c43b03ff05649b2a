"""A token that its server forgot: told after hours with a right clock, counted through restarts, with few writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.authenticator.keys import PlainFile
from appliance.authenticator.poll_moods import A_WRITE, HOURS, Mood, PollMoods
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.elsewhere import TokenUnknown
from appliance.credentials.privacyidea.replies import HIDDEN, SIGNATURE
from tests.authenticator.test_vault import kept

POLL = 300.0


class Counted(Vault):
    """A vault that counts its writes."""

    writes = 0

    def write(self, changes: object) -> None:
        self.writes += 1
        super().write(changes)  # type: ignore[arg-type]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Counted]:
    there = Counted(VaultFolder(tmp_path, PlainFile(tmp_path)))
    yield there
    there.close()


def refuse(moods: PollMoods, hours: float, begin: float = 0.0) -> list[object]:
    """Signature errors with a right clock for so long; what the desk heard."""
    told: list[object] = []
    for poll in range(int(hours * 3600 / POLL) + 1):
        at = begin + poll * POLL
        told += moods.refused("a1", SIGNATURE, at, clock_right=True).events
    return told


def test_it_is_told_once_after_four_hours(vault: Counted) -> None:
    moods = PollMoods(vault)
    assert refuse(moods, HOURS / 3600 - 0.2) == []
    assert refuse(moods, 2, begin=HOURS - 600) == [TokenUnknown("a1", unknown=True)]


def test_the_count_survives_restarts(vault: Counted) -> None:
    assert refuse(PollMoods(vault), 2) == []
    assert refuse(PollMoods(vault), 1.5) == []
    assert refuse(PollMoods(vault), 1.2) == [TokenUnknown("a1", unknown=True)]


def test_a_token_that_was_told_of_is_told_of_again_right_after_a_start(vault: Counted) -> None:
    assert refuse(PollMoods(vault), 5)
    assert refuse(PollMoods(vault), 0) == [TokenUnknown("a1", unknown=True)]


def test_the_wrong_clock_of_a_start_neither_counts_nor_forgets(vault: Counted) -> None:
    refuse(PollMoods(vault), 3.9)
    moods = PollMoods(vault)
    assert moods.refused("a1", SIGNATURE, 0.0, clock_right=False).news == Mood.AGAIN
    assert moods.refused("a1", SIGNATURE, 9e4, clock_right=True).events == ()
    assert refuse(moods, 0.5, begin=9e4) != []


def test_one_good_poll_forgets_it_for_good(vault: Counted) -> None:
    moods = PollMoods(vault)
    refuse(moods, 5)
    assert moods.well("a1") == (TokenUnknown("a1", unknown=False),)
    assert moods.well("a1") == ()
    assert refuse(PollMoods(vault), 3.9) == []


def test_other_errors_say_nothing_of_the_token(vault: Counted) -> None:
    moods = PollMoods(vault)
    for at in range(10):
        assert moods.refused("a1", 303, at * 3600.0, clock_right=True).events == ()
    assert moods.refused("a1", HIDDEN, 36_000.0, clock_right=True).events == ()


def test_a_day_of_refusal_costs_few_writes_and_good_polls_none(vault: Counted) -> None:
    moods = PollMoods(vault)
    for _ in range(100):
        moods.well("a1")
    assert vault.writes == 0
    refuse(moods, 4)
    assert vault.writes <= HOURS / A_WRITE + 1


def test_nothing_of_it_is_left_with_the_account(vault: Counted) -> None:
    account = kept()
    vault.keep(account)
    PollMoods(vault).refused(account.id, SIGNATURE, 0.0, clock_right=True)
    assert f"refused/{account.id}" in vault.names()
    vault.remove(account.id)
    assert f"refused/{account.id}" not in vault.names()
