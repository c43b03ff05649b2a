"""The vault's side of a PIN: counted before it is judged, slower with every wrong try, never faster by a restart."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from appliance.authenticator.disk import Disk, connect
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.pins import MEMORY, PAUSES, SLOWEST, Pin, Pins, pause, tuned
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.errors import Refused, StorageTrouble


def vault_in(state: Path) -> Vault:
    return Vault(VaultFolder(state, PlainFile(state)))


def pins_in(vault: Vault, started: float = 0.0) -> Pins:
    return Pins(vault, started, passes=1)


def test_only_the_chosen_digits_are_right_and_only_for_their_owner(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins = pins_in(vault)
    pins.choose("", "4711")
    pins.choose("a1", "0815")
    assert pins.owners() == ("", "a1")
    assert pins.attempt("", "4711", 0, wipes=False).right
    assert not pins.attempt("", "0815", 0, wipes=False).right
    assert pins.attempt("a1", "0815", 0, wipes=False).right
    assert pins.attempt("nobody", "0", 0, wipes=False).right
    vault.close()


def test_every_wrong_try_waits_longer_and_the_right_one_forgives(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins, now, waits = pins_in(vault), 0.0, []
    pins.choose("", "4711")
    for _ in range(12):
        tried = pins.attempt("", "0000", now, wipes=False)
        waits.append(tried.wait)
        now += tried.wait
    assert waits == [*PAUSES, 3600.0, 3600.0, 3600.0]
    assert pins.attempt("", "4711", now, wipes=False).right
    assert pins.attempt("", "0000", now, wipes=False).wait == 0.0
    vault.close()


def test_a_try_during_the_pause_is_not_judged_and_not_counted(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins = pins_in(vault)
    pins.choose("", "4711")
    for _ in range(3):
        pins.attempt("", "0000", 100.0, wipes=False)
    early = pins.attempt("", "4711", 104.0, wipes=False)
    assert (early.right, early.wait) == (False, 6.0)
    stored = vault.read("pin/device", Pin)
    assert stored is not None
    assert stored.failed == 3
    assert pins.attempt("", "4711", 110.0, wipes=False).right
    vault.close()


def test_a_restart_begins_the_pause_anew(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins = pins_in(vault)
    pins.choose("", "4711")
    for _ in range(4):
        pins.attempt("", "0000", 1e6 + 1e5 * _, wipes=False)
    vault.close()
    vault = vault_in(tmp_path)
    again = pins_in(vault, started=20.0)
    assert again.attempt("", "4711", 21.0, wipes=False).wait == 29.0
    assert again.attempt("", "4711", 50.0, wipes=False).right
    vault.close()


def test_the_tenth_wrong_try_erases_when_the_setting_says_so(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins, now = pins_in(vault), 0.0
    pins.choose("", "4711")
    wiped = []
    for _ in range(10):
        tried = pins.attempt("", "0000", now, wipes=True)
        wiped.append(tried.wipe)
        now += tried.wait
    assert wiped == [False] * 9 + [True]
    vault.close()


def test_a_try_that_cannot_be_counted_is_not_judged(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins_in(vault).choose("", "4711")
    vault.close()
    read_only = Disk(os, _read_only)
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path), read_only))
    with pytest.raises(StorageTrouble):
        pins_in(vault).attempt("", "4711", 0, wipes=False)
    vault.close()


def _read_only(path: Path) -> sqlite3.Connection:
    file = connect(path)
    file.execute("PRAGMA query_only = ON")
    return file


@pytest.mark.parametrize("digits", ["", "471", "123456789", "47a1", "４７１１"])
def test_what_is_no_pin_is_refused(tmp_path: Path, digits: str) -> None:
    vault = vault_in(tmp_path)
    with pytest.raises(Refused):
        pins_in(vault).choose("", digits)
    assert pins_in(vault).owners() == ()
    vault.close()


def test_a_removed_pin_is_gone_with_its_record(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    pins = pins_in(vault)
    pins.choose("a1", "4711")
    pins.forget("a1")
    assert (pins.owners(), vault.raw("pin/a1")) == ((), None)
    vault.close()


def test_a_stored_pin_prints_nothing_and_costs_what_this_board_can_bear() -> None:
    assert "salt" not in repr(Pin(b"salt", b"hash", 1, MEMORY))
    times = iter([0.0, 0.3])
    assert tuned(lambda: next(times)) == 3
    times = iter([0.0, 5.0])
    assert tuned(lambda: next(times)) == 2
    times = iter([0.0, 0.0])
    assert tuned(lambda: next(times)) == SLOWEST
    assert pause(0) == 0.0
