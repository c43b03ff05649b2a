"""A restore that is cut off anywhere: nobody can take what it left for a portal, and the next one makes it whole."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.operation.test_backup import restored
from web.login_portal import requests
from web.login_portal.keys import MASTER, RESTORING, SIGNING

pytestmark = pytest.mark.both_stores

CUT = """
import os, signal, sys
from pathlib import Path
from web.login_portal.operation.backup import restore

def cut(event, seen):
    path = seen[0] if seen and isinstance(seen[0], str | Path) else ""
    if event == sys.argv[4] and Path(os.fsdecode(path)).name.startswith(sys.argv[5]):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(cut)
restore(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
"""


def cut_off(saved: Path, data: Path, address: str, event: str, name: str) -> None:
    """Restore in a process that is killed where it is about to do this to a file whose name begins so."""
    words = [sys.executable, "-c", CUT, str(saved), str(data), address, event, name]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("event", "name"),
    [("os.link", SIGNING.partition(".")[0]), ("os.link", MASTER.partition(".")[0]),
     ("os.remove", RESTORING)],
    ids=["before the first key", "before the second key", "before it is said to be whole"],
)  # fmt: skip
def test_a_cut_restore_is_no_portal_and_can_be_done_again(
    world: World,
    token: Device,
    saved: Path,
    store: Callable[[str], str],
    event: str,
    name: str,
) -> None:
    data = world.portal.config.data.parent / "again"
    cut_off(saved, data, store("again"), event, name)
    for words in (["check"], ["backup", str(data / "other")], ["app", "list"]):
        said = world.elsewhere(data, *words)
        assert (said.exit_code, "cut off" in said.output) == (1, True), said.output
    if store("again") and name == RESTORING:
        again = world.elsewhere(data, "restore", str(saved), "--database", store("again"))
        assert "restore into an empty store" in again.output
        return
    again = restored(world, saved, "again", store("again"))
    again.clock.now += 400
    again.browser().sign_in()
    assert len(again.letters(token)) == 1
    again.portal.database.close()
    assert not (data / RESTORING).exists()
    assert "keys: ok\ndatabase: ok\n" in world.elsewhere(data, "check").output


def test_what_was_open_at_the_backup_is_over_after_a_restore(
    world: World,
    saved: Path,
    store: Callable[[str], str],
) -> None:
    """It may have been answered since; and no browser waits for it any more."""
    world.clock.now += 400
    world.browser().sign_in()
    later = saved.with_name("later.tar.gz")
    world.command("backup", str(later))
    again = restored(world, later, "again", store("again"))
    with again.portal.database.reading() as reading:
        found = requests.open_ones(reading, world.clock())
    assert found == []
    again.portal.database.close()


def test_a_store_that_has_records_is_left_as_it_was(world: World, saved: Path) -> None:
    data = world.portal.config.data.parent / "again"
    data.mkdir()
    (data / "portal.db").write_bytes((world.portal.config.data / "portal.db").read_bytes()
                                     if not world.portal.config.database else b"x")  # fmt: skip
    before = (data / "portal.db").read_bytes()
    said = world.elsewhere(data, "restore", str(saved))
    assert (said.exit_code, "empty folder" in said.output) == (1, True)
    assert (data / "portal.db").read_bytes() == before
    assert [path.name for path in data.iterdir()] == ["portal.db"]


def test_a_backup_with_a_broken_record_leaves_nothing(
    world: World, saved: Path, store: Callable[[str], str]
) -> None:
    broken, data = saved.with_name("broken.tar.gz"), world.portal.config.data.parent / "again"
    with tarfile.open(saved) as whole, tarfile.open(broken, "w:gz") as archive:
        for about in whole.getmembers():
            found = whole.extractfile(about)
            text = b"{" if about.name == "records/tokens" else found.read() if found else b""
            about.size = len(text)
            archive.addfile(about, io.BytesIO(text))
    address = ["--database", store("again")] if store("again") else []
    said = world.elsewhere(data, "restore", str(broken), *address)
    assert (said.exit_code, said.output) == (1, "Error: The backup is damaged\n")
    assert list(data.iterdir()) == []
    restored(world, saved, "again", store("again")).portal.database.close()
