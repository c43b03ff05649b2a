"""Whatever happened to the card, the process lives, the panel says so, and the files stay for repair."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.authenticator.disk import Disk, connect
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.accounts import Kind
from appliance.core.errors import StorageTrouble
from tests.authenticator.scripted import Person
from tests.authenticator.test_vault import kept


def truncated(state: Path) -> None:
    path = state / "vault.db"
    path.write_bytes(path.read_bytes()[:5000])


def flipped(state: Path) -> None:
    path = state / "vault.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def foreign(state: Path) -> None:
    (state / "vault.db").unlink()
    file = sqlite3.connect(state / "vault.db")
    file.execute("CREATE TABLE holiday (day TEXT)")
    file.commit()
    file.close()


def newer(state: Path) -> None:
    file = sqlite3.connect(state / "vault.db")
    file.execute("PRAGMA user_version = 99")
    file.commit()
    file.close()


def other_guard(state: Path) -> None:
    path = state / "vault.key"
    path.write_bytes(path.read_bytes().replace(b"plain file", b"TPM 2"))


def no_guard(state: Path) -> None:
    (state / "plain.key").unlink()


def other_key(state: Path) -> None:
    (state / "plain.key").write_bytes(os.urandom(32))


def empty_key(state: Path) -> None:
    (state / "vault.key").write_bytes(b"")


def is_a_folder(state: Path) -> None:
    (state / "vault.db").unlink()
    (state / "vault.db").mkdir()


HARMS = (
    truncated, flipped, foreign, newer, other_guard, no_guard, other_key, empty_key, is_a_folder,
)  # fmt: skip


def left(state: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(state.iterdir()) if path.is_file()}


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_harmed_card_is_told_on_the_panel_and_kept_for_repair(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    person = Person(tmp_path)
    person.enrol()
    person.stop()
    state = tmp_path / "state"
    harm(state)
    before = left(state)
    person.panel.frames.clear()
    person.start()
    person.sees("Desk Token")
    person.sync()
    assert "Storage trouble" in person.body
    assert person.status().parts["storage"] == "bad"
    for _ in range(3):
        person.tap()
    person.stop()
    after = left(state)
    assert {name: after.get(name) for name in before} == before


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_reset_makes_a_harmed_card_usable_again(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    vault.keep(kept())
    vault.close()
    harm(tmp_path)
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert vault.trouble
    if harm is is_a_folder:
        with pytest.raises(StorageTrouble):
            vault.wipe()
        return
    vault.wipe()
    vault.keep(kept())
    vault.close()


def test_a_disk_that_became_read_only_is_told_and_gives_no_counter_twice(tmp_path: Path) -> None:
    account = kept(Kind.HOTP)
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    vault.keep(account, counter=3)
    assert vault.take_counter(account.id) == 3
    vault.close()

    def refusing(path: Path) -> sqlite3.Connection:
        file = connect(path)
        file.execute("PRAGMA query_only = ON")
        return file

    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path), Disk(os, refusing)))
    for _ in range(3):
        with pytest.raises(StorageTrouble):
            vault.take_counter(account.id)
    vault.close()
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert vault.take_counter(account.id) == 4
    vault.close()


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.errors import StorageTrouble
from appliance.core.settings import Settings
state = Path(sys.argv[1])
vault = Vault(VaultFolder(state, PlainFile(state)))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))
done = 0
try:
    for n in range(1000):
        vault.write_settings(Settings(brightness=1 + n % 200))
        done = 1 + n % 200
except StorageTrouble as trouble:
    print(done, trouble)
"""


def test_a_disk_that_is_really_full_refuses_aloud_and_keeps_what_was_acknowledged(
    tmp_path: Path,
) -> None:
    """The kernel itself refuses to let a file grow, as a full card would."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True
    )
    acknowledged, sentence = done.stdout.split(maxsplit=1)
    assert sentence == "The device cannot write to its storage\n"
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    stored = vault.settings()
    assert stored is not None
    assert stored.brightness in (int(acknowledged), int(acknowledged) + 1)
    vault.close()


def test_the_process_leaves_no_core_and_lets_nobody_look_into_its_memory() -> None:
    code = (
        "import os, resource, ctypes;"
        "from appliance.authenticator.memory import keep_private;"
        "keep_private();"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "0 0\n"
    assert resource.getrlimit(resource.RLIMIT_CORE) is not None
