"""What was shown is covered ahead: one write for many codes, and never a code of an older moment after a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import RECORDS, VaultFolder
from appliance.core.errors import StorageTrouble
from tests.authenticator.test_vault_laws import opened


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return opened(tmp_path)


def test_what_was_shown_is_covered_over_a_start_and_forgotten_by_a_reset(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    assert vault.shown() == 0.0
    vault.remember_shown(1.8e9)
    assert vault.shown() == 1.8e9
    vault.close()
    vault = opened(tmp_path)
    assert vault.shown() == 1.8e9 + 900.0
    vault.wipe()
    assert vault.shown() == 0.0
    assert vault.remember_shown(1.8e9)
    vault.close()


def test_one_write_covers_a_quarter_of_an_hour_of_codes_and_no_second_more(vault: Vault) -> None:
    moments = (0.0, 30.0, 900.0, 900.5, 900.5 + 900.0, 1801.0)
    wrote = [vault.remember_shown(1.8e9 + moment) for moment in moments]
    assert wrote == [True, False, False, True, False, True]
    assert vault.shown() == 1.8e9 + 1801.0
    vault.close()


def test_a_clock_that_was_put_back_rightly_covers_anew(vault: Vault) -> None:
    """The rules let an earlier moment through only when the clock is synchronised: then the later one was wrong."""
    vault.remember_shown(1.9e9)
    assert vault.remember_shown(1.8e9)
    assert vault.read("shown", float) == vault.shown() + 900.0 == 1.8e9 + 900.0
    vault.close()


def test_an_end_in_order_gives_back_what_was_covered_ahead(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    vault.settle()
    assert vault.names() == ()
    vault.remember_shown(1.8e9)
    vault.remember_shown(1.8e9 + 60)
    vault.settle()
    assert vault.read("shown", float) == 1.8e9 + 60
    assert vault.remember_shown(1.8e9 + 90)
    vault.settle()
    vault.close()
    vault = opened(tmp_path)
    assert vault.shown() == 1.8e9 + 90
    vault.close()


def test_a_moment_that_could_not_be_stored_does_not_count_as_shown(tmp_path: Path) -> None:
    (tmp_path / RECORDS).write_bytes(b"something else" * 1000)
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    for _ in range(2):
        with pytest.raises(StorageTrouble):
            vault.remember_shown(1.8e9)
    assert vault.shown() == 0.0
