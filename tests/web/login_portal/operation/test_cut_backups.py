"""A backup that is cut off, or that goes to a simple disk: under its name stands a whole one, or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.web.login_portal.conftest import World

SAVE = """
import errno, os, signal, sys
from web.login_portal.command import main

def watch(event, seen):
    if event == "os.link" and str(seen[1]) == sys.argv[1]:
        if sys.argv[2] == "cut":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(int(sys.argv[2]), os.strerror(int(sys.argv[2])))

sys.addaudithook(watch)
main(["backup", sys.argv[1], "--data", sys.argv[3]])
"""
NOT_PERMITTED, NOT_SUPPORTED = "1", "95"


def save(world: World, path: Path, linking: str) -> subprocess.CompletedProcess[str]:
    """What `desk-portal backup` says in a process to which this happens when the file gets its name."""
    words = [sys.executable, "-c", SAVE, str(path), linking, str(world.portal.config.data)]
    return subprocess.run(words, check=False, capture_output=True, text=True)


def test_a_backup_that_is_cut_off_has_no_name_and_the_next_one_cleans_up(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "safe" / "portal.tar.gz"
    path.parent.mkdir()
    assert save(world, path, "cut").returncode == -signal.SIGKILL
    (left,) = path.parent.iterdir()
    assert left != path
    assert left.stat().st_mode & 0o777 == 0o600
    assert world.command("backup", str(path)).exit_code == 0
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("linking", [NOT_PERMITTED, NOT_SUPPORTED])
def test_a_disk_without_second_names_takes_a_backup_and_keeps_an_older_one(
    world: World, tmp_path: Path, linking: str
) -> None:
    """As a USB stick: FAT says that a link is not permitted, a network disk that it knows none."""
    path = tmp_path / "safe" / "portal.tar.gz"
    path.parent.mkdir()
    said = save(world, path, linking)
    assert (said.returncode, "tables saved in" in said.stdout) == (0, True), said.stderr
    before = path.read_bytes()
    with tarfile.open(path) as archive:
        assert "master.key" in archive.getnames()
    again = save(world, path, linking)
    assert (again.returncode, "never overwritten" in again.stderr) == (1, True)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
