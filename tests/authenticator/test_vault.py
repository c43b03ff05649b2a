"""The vault: durable when a call returns, opened only by its own key, and kept when it cannot be opened."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from appliance.authenticator.keys import PlainFile, load
from appliance.authenticator.vault import Vault, new_id
from appliance.authenticator.vault_folder import MARKER, VaultFolder
from appliance.authenticator.vault_records import Kept, KeyPair, Ledger, key_of, new_pair
from appliance.authenticator.vault_seal import Seal
from appliance.core.accounts import Kind
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.settings import Settings, change
from appliance.credentials.candidates import Algorithm

CANARY = b"CANARY-SECRET-IN-THE-VAULT"


def kept(kind: Kind = Kind.TOTP, label: str = "jan") -> Kept:
    return Kept(
        id=new_id(),
        kind=kind,
        label=label,
        issuer="Rail",
        secret=CANARY,
        algorithm=Algorithm.SHA1,
        digits=6,
        period=30,
        sign=new_pair("Ed25519"),
    )


def opened(state: Path) -> Vault:
    return Vault(VaultFolder(state, PlainFile(state)))


def reopened(vault: Vault, state: Path) -> Vault:
    vault.close()
    again = opened(state)
    assert again.trouble == ""
    return again


def test_every_change_is_there_after_opening_again(tmp_path: Path) -> None:
    first, second = kept(), kept(Kind.HOTP, "piet")
    vault = opened(tmp_path)
    assert vault.settings() is None
    vault.keep(first)
    vault = reopened(vault, tmp_path)
    vault.keep(second, counter=41)
    vault = reopened(vault, tmp_path)
    assert [account.label for account in vault.accounts()] == ["jan", "piet"]
    assert vault.kept(first.id) == first
    vault.rename(first.id, "Jan thuis")
    vault = reopened(vault, tmp_path)
    assert vault.accounts()[0].label == "Jan thuis"
    assert vault.take_counter(second.id) == 41
    vault = reopened(vault, tmp_path)
    assert vault.take_counter(second.id) == 42
    vault.write_ledger(first.id, Ledger(5.0, 7, {"a": (5.0, True)}))
    vault.write_settings(change(Settings(), "language", "en"))
    vault = reopened(vault, tmp_path)
    assert vault.ledger(first.id) == Ledger(5.0, 7, {"a": (5.0, True)})
    assert vault.settings() == Settings(language="en")
    vault.close()


def test_a_key_pair_is_the_same_after_storage(tmp_path: Path) -> None:
    account = kept()
    vault = opened(tmp_path)
    vault.keep(account)
    vault = reopened(vault, tmp_path)
    stored = vault.kept(account.id).sign
    assert isinstance(stored, KeyPair)
    assert isinstance(account.sign, KeyPair)
    assert key_of(stored).thumbprint() == key_of(account.sign).thumbprint()
    vault.close()


def test_no_secret_lies_readable_in_the_folder_and_only_we_may_read_it(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    vault.keep(kept())
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert CANARY not in path.read_bytes()
        assert b"jan" not in path.read_bytes()
    vault.close()


def test_records_never_print_a_secret() -> None:
    account = kept()
    assert "CANARY" not in repr(account)
    assert "CANARY" not in repr(account.generator)
    assert repr(account.sign) == "KeyPair(…)"


def test_a_wipe_leaves_no_account_and_no_readable_byte(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    account = kept()
    vault.keep(account)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    vault.wipe()
    assert vault.accounts() == ()
    assert (tmp_path / "plain.key").read_bytes() != before["plain.key"]
    vault.keep(kept())
    vault = reopened(vault, tmp_path)
    with pytest.raises(Refused):
        vault.kept(account.id)
    vault.close()


def test_a_wipe_that_was_cut_is_finished_at_the_next_start(tmp_path: Path) -> None:
    vault = opened(tmp_path)
    vault.keep(kept())
    vault.close()
    (tmp_path / MARKER).touch()
    (tmp_path / "plain.key").unlink()
    vault = opened(tmp_path)
    assert vault.trouble == ""
    assert vault.accounts() == ()
    assert not (tmp_path / MARKER).exists()
    vault.close()


@contextmanager
def records_in(state: Path) -> Iterator[sqlite3.Connection]:
    """The vault's file in other hands; what they do to it stays."""
    with closing(sqlite3.connect(state / "vault.db")) as file, file:
        yield file


def spoil_header(state: Path) -> None:
    path = state / "vault.db"
    path.write_bytes(os.urandom(64) + path.read_bytes()[64:])


def spoil_record(state: Path) -> None:
    with records_in(state) as file:
        file.execute("UPDATE record SET sealed = zeroblob(length(sealed))")


def swap_records(state: Path) -> None:
    with records_in(state) as file:
        names = [row[0] for row in file.execute("SELECT id FROM record WHERE id LIKE 'account/%'")]
        file.execute("UPDATE record SET id = 'x' WHERE id = ?", (names[0],))
        file.execute("UPDATE record SET id = ? WHERE id = ?", (names[0], names[1]))
        file.execute("UPDATE record SET id = ? WHERE id = 'x'", (names[1],))


def lose_a_record(state: Path) -> None:
    with records_in(state) as file:
        file.execute("DELETE FROM record WHERE id LIKE 'account/%'")


def age_a_record(state: Path) -> None:
    with records_in(state) as file:
        file.execute("UPDATE record SET version = version + 1")


def make_foreign(state: Path) -> None:
    (state / "vault.db").unlink()
    with records_in(state) as file:
        file.execute("CREATE TABLE other (x)")


def make_newer(state: Path) -> None:
    with records_in(state) as file:
        file.execute("PRAGMA user_version = 99")


def lose_key(state: Path) -> None:
    (state / "plain.key").unlink()


def lose_wrapped_key(state: Path) -> None:
    (state / "vault.key").unlink()


def change_level(state: Path) -> None:
    path = state / "vault.key"
    path.write_bytes(path.read_bytes().replace(b"plain file", b"tpm 2"))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_header, "damaged"),
        (spoil_record, "does not open"),
        (swap_records, "put back"),
        (lose_a_record, "put back"),
        (age_a_record, "does not open"),
        (make_foreign, "another program"),
        (make_newer, "newer"),
        (lose_key, "missing"),
        (lose_wrapped_key, "missing"),
        (change_level, "another kind"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_vault_that_cannot_be_trusted_says_why_and_is_left_alone(
    tmp_path: Path, spoil: object, sentence: str
) -> None:
    vault = opened(tmp_path)
    vault.keep(kept())
    vault.keep(kept(label="piet"))
    vault.close()
    assert callable(spoil)
    spoil(tmp_path)
    before = (tmp_path / "vault.db").read_bytes()
    vault = opened(tmp_path)
    assert sentence in vault.trouble
    assert vault.accounts() == ()
    with pytest.raises(StorageTrouble):
        vault.keep(kept())
    vault.close()
    assert (tmp_path / "vault.db").read_bytes() == before


def test_a_reset_cures_a_vault_that_cannot_be_opened(tmp_path: Path) -> None:
    opened(tmp_path).close()
    spoil_header(tmp_path)
    vault = opened(tmp_path)
    vault.wipe()
    vault.keep(kept())
    vault = reopened(vault, tmp_path)
    assert len(vault.accounts()) == 1
    vault.close()


def test_two_processes_never_share_a_vault(tmp_path: Path) -> None:
    first = opened(tmp_path)
    second = opened(tmp_path)
    assert second.trouble != ""
    first.keep(kept())
    first.close()


def rows_of(state: Path) -> list[tuple[object, ...]]:
    with records_in(state) as file:
        return file.execute("SELECT * FROM record").fetchall()


@pytest.mark.parametrize("put_back", ["a counter", "a removed record"])
def test_an_older_record_put_back_is_noticed(tmp_path: Path, put_back: str) -> None:
    account = kept(Kind.HOTP)
    vault = opened(tmp_path)
    vault.keep(account, counter=5)
    vault.close()
    name = f"counter/{account.id}"
    old = next(row for row in rows_of(tmp_path) if row[0] == name)
    vault = opened(tmp_path)
    vault.take_counter(account.id)
    vault.close()
    with records_in(tmp_path) as file:
        if put_back == "a removed record":
            old = ("counter/other", *old[1:])
        file.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", old)
    vault = opened(tmp_path)
    assert "put back" in vault.trouble
    vault.close()


def test_a_vault_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """The first schema had no sum, and sealed its records under its own number."""
    vault = opened(tmp_path)
    account = kept()
    vault.keep(account)
    content = msgspec.json.encode(account)
    order = msgspec.json.encode([account.id])
    vault.close()
    key = load(tmp_path / "vault.key", PlainFile(tmp_path))
    with records_in(tmp_path) as file:
        file.execute("DELETE FROM record")
        for name, text in (("order", order), (f"account/{account.id}", content)):
            file.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?)",
                (name, 3, *Seal(key, 1).close(name, 3, text)),
            )
        file.execute("PRAGMA user_version = 1")
    vault = opened(tmp_path)
    assert vault.trouble == ""
    assert vault.kept(account.id) == account
    vault = reopened(vault, tmp_path)
    assert len(vault.accounts()) == 1
    vault.close()
