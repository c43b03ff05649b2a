"""Where the vault is easily broken unseen: folders, locks, logs that were left, records that do not change."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from appliance.authenticator.disk import Disk, connect
from appliance.authenticator.keys import PlainFile, load
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import RECORDS, VaultFolder
from appliance.authenticator.vault_records import Kept, KeyPair, Ledger, new_pair
from appliance.authenticator.vault_seal import Seal
from appliance.core.errors import StorageTrouble
from appliance.core.settings import Settings
from tests.authenticator.test_vault import kept, make_newer, spoil_header, spoil_record
from tests.authenticator.test_vault_laws import opened

MARK = 0x804566D8FAD99D789FB91605D6FF3BCE2A253C91C762A395DAC158766BFD5142
SEALED = "6dd3dbaad042f787797299d2bd58428ce8802b6b3eaae3"


def test_the_folder_is_made_with_its_parents_and_for_nobody_else(tmp_path: Path) -> None:
    state = tmp_path / "var" / "desk-token"
    opened(state).close()
    assert state.stat().st_mode & 0o777 == 0o700
    opened(state).close()


def test_a_provider_that_cannot_wrap_again_leaves_a_reset_that_says_so(tmp_path: Path) -> None:
    class Once(PlainFile):
        wraps = 0

        def wrap(self, key: bytes) -> bytes:
            self.wraps += 1
            if self.wraps > 1:
                raise StorageTrouble("The part does not answer")
            return super().wrap(key)

    vault = Vault(VaultFolder(tmp_path, Once(tmp_path)))
    with pytest.raises(StorageTrouble, match="does not answer"):
        vault.wipe()
    assert not (tmp_path / RECORDS).exists()


def test_whoever_asks_whether_it_answers_makes_it_read(tmp_path: Path) -> None:
    vault, asked = opened(tmp_path), []
    vault._rows._file.set_trace_callback(asked.append)  # type: ignore[attr-defined]
    assert vault.answers()
    assert asked
    vault.close()
    assert vault.answers(), "an answer that it is shut is an answer"


def test_a_page_that_nothing_reads_is_looked_at_too(tmp_path: Path) -> None:
    """The count of free pages is wrong: every record still opens, and the next write would not be safe."""
    vault = opened(tmp_path)
    for _ in range(40):
        vault.keep(kept())
    for account in vault.accounts():
        vault.remove(account.id)
    vault.close()
    path = tmp_path / RECORDS
    content = bytearray(path.read_bytes())
    assert content[36:40] != bytes(4)
    content[36:40] = (1).to_bytes(4)
    path.write_bytes(content)
    assert "damaged" in Vault(VaultFolder(tmp_path, PlainFile(tmp_path))).trouble


def test_every_commit_waits_for_the_disk_whatever_sqlite_was_built_for(tmp_path: Path) -> None:
    def careless(path: Path) -> sqlite3.Connection:
        file = connect(path)
        file.execute("PRAGMA synchronous = OFF")
        return file

    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path), Disk(os, careless)))
    file = vault._rows._file  # type: ignore[attr-defined]
    assert file.execute("PRAGMA synchronous").fetchone() == (2,)
    vault.close()


def test_a_log_that_was_left_is_taken_in_and_emptied_at_the_start(tmp_path: Path) -> None:
    alive, after = tmp_path / "alive", tmp_path / "after"
    vault = opened(alive)
    vault.write_settings(Settings(brightness=33))
    shutil.copytree(alive, after)
    vault.close()
    log = after / f"{RECORDS}-wal"
    assert log.stat().st_size > 0
    again = opened(after)
    assert log.stat().st_size == 0
    assert again.settings() == Settings(brightness=33)
    again.close()


@pytest.mark.parametrize("harm", [spoil_header, spoil_record, make_newer])
def test_a_file_that_is_refused_is_let_go_of(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    vault = opened(tmp_path)
    vault.keep(kept())
    vault.close()
    harm(tmp_path)
    left = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert left.trouble
    (tmp_path / RECORDS).rename(tmp_path / "for repair")
    copy = sqlite3.connect(tmp_path / "for repair", timeout=0.1)
    if harm is not spoil_header:
        copy.execute("BEGIN EXCLUSIVE")
    copy.close()


def test_a_write_that_failed_half_way_is_undone_at_once(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    vault.write_settings(Settings(brightness=10))
    file = vault._rows._file  # type: ignore[attr-defined]
    deny, fine = sqlite3.SQLITE_DENY, sqlite3.SQLITE_OK
    file.set_authorizer(lambda act, *_: deny if act == sqlite3.SQLITE_INSERT else fine)
    with pytest.raises(StorageTrouble):
        vault.write_settings(Settings(brightness=11))
    file.set_authorizer(None)
    assert not file.in_transaction
    vault.write_settings(Settings(brightness=12))
    vault.close()
    vault = opened(tmp_path)
    assert vault.settings() == Settings(brightness=12)
    vault.close()


def test_a_disk_that_is_busy_or_refuses_is_not_called_damaged(tmp_path: Path) -> None:
    first = opened(tmp_path)
    second = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert "cannot write" in second.trouble
    first.close()


def test_what_todays_software_seals_tomorrows_opens() -> None:
    """Fixed figures of the second schema: a nonce of 96 bits, and the mark of one record under one key."""
    seal = Seal(bytes(range(32)), 2)
    assert len(seal.close("account/a", 7, b"content")[0]) == 12
    assert seal.mark("account/a", 7) == MARK
    nonce, sealed = bytes(12), bytes.fromhex(SEALED)
    assert seal.open("account/a", 7, nonce, sealed) == b"content"


def test_a_life_is_named_once_and_ends_with_a_reset(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    first = vault.life()
    assert len(first) == 16
    assert vault.life() == first
    vault.close()
    vault = opened(tmp_path)
    assert vault.life() == first
    vault.wipe()
    assert vault.life() != first
    vault.close()


def test_two_devices_share_no_key(tmp_path: Path) -> None:
    """Checklist row 21: whatever guards, seals or signs is drawn on the device itself."""
    drawn = []
    for name in ("one", "two"):
        opened(tmp_path / name).close()
        drawn += [(tmp_path / name / "plain.key").read_bytes()]
        drawn += [load(tmp_path / name / "vault.key", PlainFile(tmp_path / name))]
        drawn += [new_pair("Ed25519").d, new_pair("X25519").d]
    assert len(set(drawn)) == len(drawn)
    assert {len(secret) for secret in drawn} == {32}


def test_records_never_change_and_name_their_fields() -> None:
    account = kept()
    assert Ledger() == Ledger(0.0, 0, {})
    for record, name in ((account, "label"), (new_pair("X25519"), "x"), (Ledger(), "count")):
        with pytest.raises(AttributeError):
            setattr(record, name, "other")
    with pytest.raises(TypeError):
        Kept(*(getattr(account, field.name) for field in msgspec.structs.fields(Kept)))
    assert len(new_pair("Ed25519").d) == 32
    assert isinstance(account.sign, KeyPair)
