"""Every guard keeps the same promises: it opens what it wrapped, no other does, and destroyed means destroyed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.authenticator.guards.choice import choose, level_of
from appliance.authenticator.guards.guard import Guard, Guarded, Run, run
from appliance.authenticator.guards.pi_firmware import PiFirmware
from appliance.authenticator.guards.systemd_creds import NAME, SystemdCredential
from appliance.authenticator.guards.tpm2 import Tpm2
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.errors import StorageTrouble
from appliance.core.settings import Settings
from tests.authenticator.guards.conftest import SoftwareTpm, board, machine

KINDS = ("tpm", "firmware", "credential", "passed credential")


def guard_of(kind: str, state: Path, request: pytest.FixtureRequest) -> Guard:
    if kind == "tpm":
        return Tpm2(request.getfixturevalue("tpm").run)
    if kind == "firmware":
        return PiFirmware(state, board(b"board one"))
    if kind == "passed credential":
        (state / NAME).write_bytes(bytes(range(32)))
        return SystemdCredential(state, state)
    return SystemdCredential(state, run=machine(b"host key of 32 bytes for a test."))


@pytest.mark.parametrize("kind", KINDS)
def test_a_vault_opens_again_under_its_guard_and_shows_the_level(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    guard = guard_of(kind, tmp_path, request)
    assert guard.present()
    vault = Vault(VaultFolder(tmp_path, Guarded(guard)))
    vault.write_settings(Settings(brightness=33))
    vault.close()
    again = Vault(VaultFolder(tmp_path, choose(tmp_path, (guard,))))
    assert again.trouble == ""
    assert again.level == guard.level == level_of(tmp_path)
    assert again.settings() == Settings(brightness=33)
    again.close()


def test_the_systems_own_program_keeps_the_promise_or_counts_as_absent(tmp_path: Path) -> None:
    """`systemd-creds` opens its credentials for root alone; for everybody else this guard is not there."""
    guard = SystemdCredential(tmp_path)
    if guard.present():
        wrapped = Guarded(guard).wrap(bytes(range(32)))
        assert Guarded(SystemdCredential(tmp_path)).unwrap(wrapped) == bytes(range(32))
        with pytest.raises(StorageTrouble):
            run(
                ("systemd-creds", "decrypt", "--name=another", "-", "-"), guard._sealed.read_bytes()
            )
    else:
        assert choose(tmp_path, (guard,)).level == "plain file"
        with pytest.raises(StorageTrouble):
            guard.make()


@pytest.mark.parametrize("kind", ["tpm", "firmware", "credential"])
def test_a_destroyed_secret_opens_nothing_and_a_reset_begins_anew(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    guard = guard_of(kind, tmp_path, request)
    wrapped = Guarded(guard).wrap(bytes(32))
    guard.destroy()
    with pytest.raises(StorageTrouble):
        Guarded(guard).unwrap(wrapped)
    guard.make()
    with pytest.raises(StorageTrouble):
        Guarded(guard).unwrap(wrapped)
    vault = Vault(VaultFolder(tmp_path, Guarded(guard)))
    vault.wipe()
    vault.write_settings(Settings(brightness=44))
    vault.close()


def test_a_chip_that_is_gone_keeps_the_records_and_never_lowers_the_level(
    tpm: SoftwareTpm, tmp_path: Path
) -> None:
    vault = Vault(VaultFolder(tmp_path, Guarded(Tpm2(tpm.run))))
    vault.write_settings(Settings(brightness=33))
    vault.close()
    tpm.stop()
    guards = (Tpm2(tpm.run), PiFirmware(tmp_path, board(b"board")))
    assert not guards[0].present()
    gone = Vault(VaultFolder(tmp_path, choose(tmp_path, guards)))
    assert "does not answer" in gone.trouble
    assert gone.level == "TPM 2"
    gone.close()
    tpm.start()
    back = Vault(VaultFolder(tmp_path, choose(tmp_path, guards)))
    assert back.settings() == Settings(brightness=33)
    back.close()


def test_the_card_in_another_board_opens_nothing(
    tmp_path: Path, boards: Callable[[bytes], Run]
) -> None:
    vault = Vault(VaultFolder(tmp_path, Guarded(PiFirmware(tmp_path, boards(b"mine")))))
    vault.close()
    other = Vault(VaultFolder(tmp_path, Guarded(PiFirmware(tmp_path, boards(b"theirs")))))
    assert "does not open" in other.trouble


def test_the_best_guard_that_answers_is_taken_and_a_file_is_the_last_resort(
    tmp_path: Path, boards: Callable[[bytes], Run]
) -> None:
    with_key, without = PiFirmware(tmp_path, boards(b"key")), PiFirmware(tmp_path, boards(b""))
    absent = Tpm2(boards(b""))
    assert choose(tmp_path, (absent, with_key)).level == "Pi firmware key"
    assert choose(tmp_path, (absent, without)).level == "plain file"


def test_records_sealed_by_a_file_stay_so_until_a_reset(
    tmp_path: Path, boards: Callable[[bytes], Run]
) -> None:
    Vault(VaultFolder(tmp_path, PlainFile(tmp_path))).close()
    assert choose(tmp_path, (PiFirmware(tmp_path, boards(b"key")),)).level == "plain file"


def test_a_program_that_fails_or_is_missing_is_told_without_its_output() -> None:
    for command in (("false",), ("/nonexistent/program",)):
        with pytest.raises(StorageTrouble) as told:
            run(command, b"CANARY")
        assert "CANARY" not in str(told.value)
    assert run(("cat",), b"through") == b"through"
