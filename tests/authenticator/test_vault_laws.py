"""The vault's smaller promises, one by one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault, new_id, words_of
from appliance.authenticator.vault_folder import KEY, MARKER, RECORDS, VaultFolder
from appliance.authenticator.vault_records import Ledger
from appliance.core.accounts import Kind, Profile
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.settings import Settings
from tests.authenticator.test_vault import kept


def opened(state: Path) -> Vault:
    vault = Vault(VaultFolder(state, PlainFile(state)))
    assert vault.trouble == ""
    return vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return opened(tmp_path)


def test_there_is_room_for_64_accounts_and_no_more(vault: Vault) -> None:
    for _ in range(64):
        vault.keep(kept())
    with pytest.raises(Refused, match="no room"):
        vault.keep(kept())
    assert len(vault.accounts()) == 64
    vault.close()


def test_the_same_account_is_kept_once(vault: Vault) -> None:
    account = kept()
    vault.keep(account)
    with pytest.raises(Refused):
        vault.keep(replace(account, label="another"))
    assert [known.label for known in vault.accounts()] == [account.label]
    vault.close()


def test_only_a_counter_account_has_a_counter_and_it_begins_where_told(vault: Vault) -> None:
    timed, counted = kept(), kept(Kind.HOTP)
    vault.keep(timed, counter=9)
    vault.keep(counted)
    assert vault.raw(f"counter/{timed.id}") is None
    assert [vault.take_counter(counted.id) for _ in range(3)] == [0, 1, 2]
    vault.close()


def test_an_account_that_is_removed_leaves_nothing_of_its_own(vault: Vault) -> None:
    gone, stays = kept(Kind.HOTP), kept(Kind.HOTP)
    for account in (gone, stays):
        vault.keep(account, counter=4)
        vault.write_ledger(account.id, Ledger(5.0, 1))
        vault.write_profile(Profile(account.id, "Jan", None, 5.0))
        vault.write({f"pin/{account.id}": b"{}"})
    vault.remove(gone.id)
    assert not [name for name in vault.names() if gone.id in name]
    assert [account.id for account in vault.accounts()] == [stays.id]
    assert [profile.account for profile in vault.profiles()] == [stays.id]
    assert len([name for name in vault.names() if stays.id in name]) == 5
    with pytest.raises(Refused):
        vault.remove(gone.id)
    vault.close()


def test_a_vault_that_is_not_open_answers_and_refuses(tmp_path: Path) -> None:
    (tmp_path / RECORDS).write_bytes(b"something else" * 1000)
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert vault.answers()
    assert (vault.names(), vault.raw("settings"), vault.settings()) == ((), None, None)
    with pytest.raises(StorageTrouble) as told:
        vault.write_settings(Settings())
    assert str(told.value) == vault.trouble
    vault.close()


def test_a_reset_that_cannot_begin_anew_says_so(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    (tmp_path / RECORDS).unlink()
    (tmp_path / RECORDS).mkdir()
    with pytest.raises(StorageTrouble):
        vault.wipe()
    with pytest.raises(StorageTrouble, match="not complete"):
        vault.write_settings(Settings())


def test_unknown_names_of_an_unfit_setting_keep_their_defaults(vault: Vault) -> None:
    vault.write({"settings": b'{"brightness": "9000", "sound": "on", "of the future": "1"}'})
    assert vault.settings() == Settings(sound=True)
    vault.close()


def test_a_record_that_is_no_record_is_damage(vault: Vault) -> None:
    vault.write({"settings": b"not json"})
    with pytest.raises(StorageTrouble, match="damaged"):
        vault.settings()
    vault.close()


def test_the_file_is_in_wal_with_full_sync_under_one_exclusive_lock(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    file = vault._rows._file  # type: ignore[attr-defined]
    said = {
        word: file.execute(f"PRAGMA {word}").fetchone()[0]
        for word in ("journal_mode", "synchronous", "locking_mode", "user_version")
    }
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "locking_mode": "exclusive",
        "user_version": 2,
    }
    assert not (tmp_path / f"{RECORDS}-shm").exists()
    assert (tmp_path / RECORDS).stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o077 in (0o000, 0o055)
    vault.close()


def test_every_write_makes_the_vault_one_version_newer(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    for brightness in (10, 11, 12):
        vault.write_settings(Settings(brightness=brightness))
    vault.close()
    file = sqlite3.connect(tmp_path / RECORDS)
    versions = dict(file.execute("SELECT id, version FROM record"))
    file.close()
    assert versions == {"settings": 3, "total": 3}


@pytest.mark.parametrize("spoil", ["DELETE FROM record WHERE id = 'total'", "DELETE FROM record"])
def test_records_without_their_sum_do_not_open(tmp_path: Path, spoil: str) -> None:
    vault = opened(tmp_path)
    vault.write_settings(Settings())
    vault.close()
    file = sqlite3.connect(tmp_path / RECORDS)
    file.execute(spoil)
    file.commit()
    file.close()
    assert "put back" in Vault(VaultFolder(tmp_path, PlainFile(tmp_path))).trouble


def test_a_program_of_the_same_table_but_another_mark_is_foreign(tmp_path: Path) -> None:
    opened(tmp_path).close()
    for pragma in ("application_id = 0", "application_id = 7"):
        file = sqlite3.connect(tmp_path / RECORDS)
        file.execute(f"PRAGMA {pragma}")
        file.commit()
        file.close()
        assert "another program" in Vault(VaultFolder(tmp_path, PlainFile(tmp_path))).trouble


@pytest.mark.parametrize("pragma", ["application_id = 5", "user_version = 5"])
def test_an_empty_file_that_somebody_marked_is_foreign(tmp_path: Path, pragma: str) -> None:
    opened(tmp_path).close()
    (tmp_path / RECORDS).unlink()
    file = sqlite3.connect(tmp_path / RECORDS)
    file.execute(f"PRAGMA {pragma}")
    file.close()
    assert "another program" in Vault(VaultFolder(tmp_path, PlainFile(tmp_path))).trouble


def test_a_reset_leaves_no_file_but_new_ones(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    vault.wipe()
    assert not (tmp_path / MARKER).exists()
    for name in (KEY, "plain.key"):
        assert (tmp_path / name).read_bytes() != before[name]
    assert vault.level == "plain file"
    vault.close()


def test_an_empty_record_file_without_a_key_is_a_fresh_device(tmp_path: Path) -> None:
    (tmp_path / RECORDS).touch()
    opened(tmp_path).close()


def test_accounts_stand_in_the_order_they_were_put(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    first, second = kept(), kept()
    for account in (first, second):
        vault.keep(account)
    with pytest.raises(Refused):
        vault.reorder((first.id,))
    vault.reorder((second.id, first.id))
    vault.close()
    vault = opened(tmp_path)
    assert [account.id for account in vault.accounts()] == [second.id, first.id]
    vault.close()


@pytest.mark.parametrize("name", ["settings", "order", "account", "profile"])
def test_a_start_looks_at_every_record_and_finds_the_damaged_one(tmp_path: Path, name: str) -> None:
    vault = opened(tmp_path)
    account = kept()
    vault.keep(account)
    full = name if name in ("settings", "order") else f"{name}/{account.id}"
    vault.write({full: b"no record"})
    vault.close()
    again = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert "damaged" in again.trouble
    assert opened_by_another(tmp_path)


def opened_by_another(state: Path) -> bool:
    """Whoever could not use the records has let go of their file."""
    file = sqlite3.connect(state / RECORDS, timeout=0.1)
    try:
        return bool(file.execute("SELECT count(*) FROM record").fetchone())
    finally:
        file.close()


def test_an_account_in_the_order_that_is_not_there_is_damage(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    vault.write({"order": b'["nobody"]'})
    vault.close()
    assert "damaged" in Vault(VaultFolder(tmp_path, PlainFile(tmp_path))).trouble


def test_the_mark_in_the_file_and_the_names_of_accounts_are_what_they_were(tmp_path: Path) -> None:
    opened(tmp_path).close()
    file = sqlite3.connect(tmp_path / RECORDS)
    assert file.execute("PRAGMA application_id").fetchone() == (0x4465736B,)
    file.close()
    assert len(new_id()) == 16
    assert words_of(Settings(sound=True))["sound"] == "on"
    assert words_of(Settings())["sound"] == "off"


def test_a_write_that_failed_leaves_no_transaction_open(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    vault.write_settings(Settings(brightness=10))
    file = vault._rows._file  # type: ignore[attr-defined]
    file.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageTrouble):
        vault.write_settings(Settings(brightness=11))
    assert not file.in_transaction
    file.execute("PRAGMA query_only = OFF")
    vault.write_settings(Settings(brightness=12))
    vault.close()
    vault = opened(tmp_path)
    assert vault.settings() == Settings(brightness=12)
    vault.close()
