"""`prepare` as a person runs it, on a real block device of the kernel: listed, asked about, written and read back.

There is no card reader here: the card is a loop device, or what lsblk is made to say of one.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.firmware_tools import card_images
from tests.tour.servers import BIN

SBIN = f"{os.environ['PATH']}:/usr/sbin:/sbin"
ROOM = 96 * 1024 * 1024


def why_not() -> str:
    """Why no loop device can be had here, or nothing."""
    if os.geteuid() != 0:
        return "only root makes a loop device"
    free = subprocess.run(
        ["losetup", "-f"], env={"PATH": SBIN}, capture_output=True, text=True, check=False
    )
    there = free.returncode == 0 and Path(free.stdout.strip()).is_block_device()
    return "" if there else "this machine has no loop devices"


pytestmark = [
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
    pytest.mark.xdist_group("loop devices"),
]


@dataclass
class Desk:
    """A computer with one card in it, `path`, and an image that lies ready."""

    folder: Path
    path: str
    image: Path

    def runs(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "desk-token-tool"), "--language", "en", "prepare", *words]
        env = {**os.environ, "PATH": f"{self.folder / 'bin'}:{SBIN}"}
        return subprocess.run(
            command, env=env, input=typed, capture_output=True, text=True, check=False, timeout=110
        )

    def writes(self, typed: str) -> subprocess.CompletedProcess[str]:
        return self.runs("--image", str(self.image), "--disk", self.path, typed=typed)

    def says_of_it(self, **differs: object) -> None:
        """Make lsblk say this of the disk, and nothing of any other."""
        row = {"path": self.path, "size": ROOM, "model": "Card", "rm": True, "hotplug": True}
        row |= {"type": "disk", "mountpoints": [None], "serial": "", "ptuuid": ""} | differs
        (self.folder / "bin").mkdir()
        lsblk = self.folder / "bin" / "lsblk"
        lsblk.write_text(f"#!/bin/sh\ncat <<'.'\n{json.dumps({'blockdevices': [row]})}\n.\n")
        lsblk.chmod(0o755)

    @property
    def card(self) -> bytes:
        with Path(self.path).open("rb") as disk:
            return disk.read(min(ROOM, self.image.stat().st_size))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    backing = tmp_path / "backing"
    with backing.open("wb") as made:
        made.truncate(ROOM)
    words = ["losetup", "-f", "--show", str(backing)]
    path = subprocess.run(
        words, env={"PATH": SBIN}, capture_output=True, text=True, check=True
    ).stdout.strip()
    try:
        yield Desk(tmp_path, path, card_images.image(tmp_path / "raspios.img"))
    finally:
        subprocess.run(["losetup", "-d", path], env={"PATH": SBIN}, check=True)


def test_a_card_is_listed_asked_about_written_and_read_back(desk: Desk) -> None:
    listed = desk.runs()
    assert f"{desk.path}  0.1 GB" in listed.stdout
    done = desk.writes(f"{desk.path}\n")
    assert done.returncode == 0, done.stderr
    assert f"Everything on {desk.path} (0.1 GB" in done.stdout
    assert "Written and read back: " in done.stdout
    assert desk.card == desk.image.read_bytes()


def test_another_word_than_its_path_writes_nothing(desk: Desk) -> None:
    for typed in ("yes\n", "/dev/sda\n", ""):
        done = desk.writes(typed)
        assert done.returncode in (1, 130), done.stdout
        assert not any(desk.card)
    assert not any(desk.card)


def test_a_card_that_is_mounted_is_refused(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "mounted"
    place.mkdir()
    card_images.run("mkfs.ext4", "-q", "-F", desk.path)
    before = desk.card
    card_images.run("mount", "-o", "ro", desk.path, str(place))
    try:
        assert desk.path not in desk.runs().stdout
        assert desk.writes(f"{desk.path}\n").returncode == 1
        desk.says_of_it()  # and when lsblk knows nothing of it, the kernel does
        done = desk.writes(f"{desk.path}\n")
        assert (done.returncode, "in use" in done.stderr) == (1, True), done.stderr
    finally:
        card_images.run("umount", str(place))
    assert desk.card == before


@pytest.mark.parametrize(
    "differs",
    [
        {"mountpoints": ["/"]},
        {"children": [{"mountpoints": ["/boot/efi"]}]},
        {"children": [{"mountpoints": [None], "children": [{"mountpoints": ["/home"]}]}]},
        {"mountpoints": ["[SWAP]"]},
        {"rm": False, "hotplug": False},
        {"size": 600 * 10**9},
    ],
    ids=["root", "boot part", "home in a volume", "swap", "fixed", "too large"],
)
def test_a_disk_of_the_system_is_neither_listed_nor_written(
    desk: Desk, differs: dict[str, object]
) -> None:
    desk.says_of_it(**differs)
    assert "No removable disk is there" in desk.runs().stdout
    done = desk.runs("--image", str(desk.image), "--disk", desk.path, "--yes", desk.path)
    assert (done.returncode, "this computer runs from it" in done.stderr) == (1, True)
    assert not any(desk.card)


def test_an_image_that_is_too_large_for_the_card_leaves_it_as_it_was(desk: Desk) -> None:
    with desk.image.open("ab") as longer:
        longer.truncate(ROOM + 512)
    done = desk.writes(f"{desk.path}\n")
    assert (done.returncode, "does not fit" in done.stderr) == (1, True)
    assert not any(desk.card)
