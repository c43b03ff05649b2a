"""A small image as Raspberry Pi OS has them: a table of partitions, FAT32 for the boot, ext4 for the root."""

from __future__ import annotations

import os
import struct
import subprocess
from pathlib import Path

SECTOR = 512
BOOT_AT, BOOT_LONG = 8192, 81920
ROOT_AT, ROOT_LONG = BOOT_AT + BOOT_LONG, 16384
FAT32_LBA, LINUX = 0x0C, 0x83
TOOLS = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "MTOOLS_SKIP_CHECK": "1"}
STOCK = {
    "cmdline.txt": "console=tty1 root=PARTUUID=9fa5d14b-02 rootfstype=ext4 rootwait\n",
    "config.txt": "dtparam=audio=on\n[all]\n",
    "user-data": "#cloud-config\n",
    "network-config": "",
    "meta-data": "instance_id: rpios-image\n",
}


def image(path: Path, *, disk_id: bytes = b"\x4b\xd1\xa5\x9f") -> Path:
    """Make one there."""
    with path.open("wb") as made:
        made.truncate((ROOT_AT + ROOT_LONG) * SECTOR)
        made.seek(440)
        made.write(disk_id + bytes(2))
        made.write(_entry(FAT32_LBA, BOOT_AT, BOOT_LONG) + _entry(LINUX, ROOT_AT, ROOT_LONG))
        made.write(bytes(32) + b"\x55\xaa")
    at, long = str(BOOT_AT), str(BOOT_LONG * SECTOR // 1024)
    run("mkfs.vfat", "-F", "32", "-s", "1", "-n", "bootfs", "--offset", at, str(path), long)
    root = f"offset={ROOT_AT * SECTOR}"
    run("mkfs.ext4", "-q", "-L", "rootfs", "-E", root, str(path), f"{ROOT_LONG // 2}k")
    stock = path.with_name("stock")
    stock.mkdir(exist_ok=True)
    for name, words in STOCK.items():
        (stock / name).write_text(words)
    put_in(path, stock)
    return path


def taken_out(card: Path, folder: Path) -> Path:
    """The files of the boot partition, as a computer that mounts the card shows them."""
    folder.mkdir()
    run("mcopy", "-i", _boot(card), "-m", "::*", str(folder))
    return folder


def put_in(card: Path, folder: Path) -> None:
    """The files of that folder, into the boot partition."""
    run("mcopy", "-i", _boot(card), "-o", "-m", *map(str, sorted(folder.iterdir())), "::/")


def boot_is_sound(card: Path, spare: Path) -> bool:
    """fsck's word on the boot partition."""
    whole = card.read_bytes()[BOOT_AT * SECTOR : ROOT_AT * SECTOR]
    spare.write_bytes(whole)
    return "fsck.fat" in run("fsck.vfat", "-n", str(spare))


def run(*words: str) -> str:
    """A tool of the system; its trouble fails the test with its own words."""
    done = subprocess.run(words, env=TOOLS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _entry(kind: int, start: int, sectors: int) -> bytes:
    beyond = b"\xfe\xff\xff"  # cylinders and heads that nobody reads any more
    return struct.pack("<B3sB3sII", 0, beyond, kind, beyond, start, sectors)


def _boot(card: Path) -> str:
    return f"{card}@@{BOOT_AT * SECTOR}"
