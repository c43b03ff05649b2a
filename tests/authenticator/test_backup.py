"""A backup holds no key of this device, opens with its passphrase alone, and says first what it will do."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from appliance.authenticator.backup import gather, plan, restore
from appliance.authenticator.backup_file import Codes, Contents, seal, unseal
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import Kept, new_pair
from appliance.authenticator.vault_rows import Changes, Rows
from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.core.settings import Settings
from appliance.credentials.candidates import Algorithm

PASSPHRASE = "vier woorden op een bankje"
SECRET = b"CANARY-OF-ANOTHER-SERVICE"


def vault_in(state: Path) -> Vault:
    return Vault(VaultFolder(state, PlainFile(state)))


def account(name: str, kind: Kind, **other: object) -> Kept:
    return Kept(
        **{
            "id": name,
            "kind": kind,
            "label": f"label of {name}",
            "issuer": "Rail",
            "secret": SECRET if kind is not Kind.PORTAL else b"CANARY-OF-THE-PORTAL",
            "algorithm": Algorithm.SHA256,
            "digits": 8,
            "period": 60,
            **other,
        }
    )


@pytest.fixture
def full(tmp_path: Path) -> Vault:
    vault = vault_in(tmp_path / "old")
    vault.keep(account("p", Kind.PORTAL, origin="https://portal.example", sign=new_pair("Ed25519")))
    vault.keep(account("t", Kind.TOTP))
    vault.keep(account("h", Kind.HOTP), counter=7)
    vault.write_settings(Settings(language="en", brightness=42))
    return vault


def test_what_was_backed_up_comes_back_on_another_device(full: Vault, tmp_path: Path) -> None:
    opened = unseal(seal(gather(full, with_codes=True), PASSPHRASE), PASSPHRASE)
    new = vault_in(tmp_path / "new")
    said = plan(opened, new)
    assert dict(said.settings) == {"language": "en", "brightness": "42"}
    assert [codes.label for codes in said.come] == ["label of t", "label of h"]
    assert said.anew == ("label of p · https://portal.example",)
    assert new.accounts() == ()
    restore(said, new)
    assert new.settings() == Settings(language="en", brightness=42)
    timed, counted = new.accounts()
    assert new.kept(timed.id).generator == full.kept("t").generator
    assert new.take_counter(counted.id) == 7
    again = plan(opened, new)
    assert (again.settings, again.come, again.here) == (
        (),
        (),
        ("label of t · Rail", "label of h · Rail"),
    )
    new.close()
    full.close()


def test_no_key_of_the_device_is_in_it_and_codes_only_when_allowed(full: Vault) -> None:
    with_codes = msgspec.json.encode(gather(full, with_codes=True))
    assert b"portal.example" in with_codes
    for secret in (full.kept("p").secret, full.kept("p").sign.d):  # type: ignore[union-attr]
        assert msgspec.json.encode(secret).strip(b'"') not in with_codes
    allowed = msgspec.json.encode(SECRET).strip(b'"')
    assert allowed in with_codes
    assert allowed not in msgspec.json.encode(gather(full, with_codes=False))
    assert "CANARY" not in repr(gather(full, with_codes=True))
    full.close()


def test_the_sealed_file_shows_nothing(full: Vault) -> None:
    file = seal(gather(full, with_codes=True), PASSPHRASE)
    assert b"label" not in file
    assert b"CANARY" not in file
    assert file != seal(gather(full, with_codes=True), PASSPHRASE)
    full.close()


def test_a_wrong_passphrase_or_a_changed_file_opens_nothing() -> None:
    file = seal(Contents({"language": "en"}), PASSPHRASE)
    with pytest.raises(Refused, match="passphrase or the backup"):
        unseal(file, PASSPHRASE + "!")
    for part in ("salt", "nonce", "sealed"):
        told = msgspec.json.decode(file)
        told[part] = ("B" if told[part][0] != "B" else "C") + told[part][1:]
        with pytest.raises(Refused):
            unseal(msgspec.json.encode(told), PASSPHRASE)
    told = msgspec.json.decode(file)
    told["passes"] += 1
    with pytest.raises(Refused, match="passphrase or the backup"):
        unseal(msgspec.json.encode(told), PASSPHRASE)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("version", 2, "newer"),
        ("form", "other", "no backup"),
        ("memory", 2**30, "no backup"),
        ("memory", 1, "no backup"),
        ("passes", 10**6, "no backup"),
        ("passes", 0, "no backup"),
        ("salt", "", "no backup"),
        ("nonce", "AAAA", "no backup"),
    ],
)
def test_a_file_with_a_strange_head_is_refused_before_any_work(
    field: str, value: object, sentence: str
) -> None:
    told = msgspec.json.decode(seal(Contents({}), PASSPHRASE))
    told[field] = value
    with pytest.raises(Refused, match=sentence):
        unseal(msgspec.json.encode(told), PASSPHRASE)


@given(some.binary(max_size=300))
@settings(max_examples=300)
def test_no_rubbish_is_a_backup(rubbish: bytes) -> None:
    with pytest.raises(Refused):
        unseal(rubbish, PASSPHRASE)


def test_a_short_passphrase_and_an_unfit_setting_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="at least 12"):
        seal(Contents({}), "kort")
    vault = vault_in(tmp_path)
    with pytest.raises(Refused):
        plan(Contents({"brightness": "9000"}), vault)
    assert plan(Contents({"of the future": "1"}), vault).settings == ()
    vault.close()


class CountedRows:
    """The vault's rows, and how often they were written."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self.writes = rows, 0

    def write(self, changes: Changes) -> None:
        self.writes += 1
        self._rows.write(changes)

    def __getattr__(self, name: str) -> object:
        return getattr(self._rows, name)


def test_a_restore_is_one_write_so_a_power_cut_leaves_all_of_it_or_nothing(
    full: Vault, tmp_path: Path
) -> None:
    new = vault_in(tmp_path / "new")
    said = plan(gather(full, with_codes=True), new)
    counted = CountedRows(new._rows)
    new._rows = counted  # type: ignore[assignment]
    restore(said, new)
    assert counted.writes == 1
    assert len(new.accounts()) == 2
    new.close()
    full.close()


def test_what_belongs_to_the_place_stays_and_is_said(full: Vault, tmp_path: Path) -> None:
    full.write_settings(
        Settings(
            keys="joystick", proxy="http://p:1", page_from="cable", server_exceptions=("pi.x",)
        )
    )
    new = vault_in(tmp_path / "new")
    said = plan(gather(full, with_codes=False), new)
    assert said.settings == ()
    assert said.stays == ("keys", "page_from", "server_exceptions", "proxy")
    new.close()
    full.close()


@pytest.mark.parametrize(
    "codes",
    [
        {"kind": Kind.PORTAL},
        {"secret": b"short"},
        {"digits": 12},
        {"period": 0},
        {"label": "x" * 129},
        {"counter": -1},
    ],
)
def test_what_lies_under_the_seal_is_not_believed_either(codes: dict[str, object]) -> None:
    good = {
        "kind": Kind.TOTP, "label": "jan", "issuer": "", "secret": SECRET,
        "algorithm": Algorithm.SHA1, "digits": 6, "period": 30,
    }  # fmt: skip
    file = seal(Contents({}, codes=(Codes(**{**good, **codes}),)), PASSPHRASE)
    with pytest.raises(Refused):
        unseal(file, PASSPHRASE)


def test_more_accounts_than_there_is_room_for_are_refused_before_anything(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    for number in range(63):
        vault.keep(account(f"a{number}", Kind.TOTP))
    two = tuple(
        Codes(kind=Kind.TOTP, label=name, issuer="", secret=SECRET, algorithm=Algorithm.SHA1,
              digits=6, period=30)
        for name in ("x", "y")
    )  # fmt: skip
    with pytest.raises(Refused, match="no room"):
        plan(Contents({}, codes=two), vault)
    vault.close()
