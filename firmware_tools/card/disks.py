"""Which disks a card can be: removable ones, never one that this computer runs from. Reads, and writes nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import msgspec

from appliance.core.errors import DeskTokenError, Refused
from firmware_tools.words import _

LSBLK = (
    "lsblk",
    "--json",
    "--bytes",
    "--output",
    "PATH,SIZE,MODEL,RM,HOTPLUG,TYPE,MOUNTPOINTS,SERIAL,PTUUID",
)
LARGEST = 512 * 10**9
KINDS = ("disk", "loop")


class Disk(msgspec.Struct, frozen=True):
    """One disk. `mounted` is where parts of it are in use now; `marks` tell it from another card in one reader."""

    path: str
    size: int
    model: str
    removable: bool
    mounted: tuple[str, ...]
    marks: tuple[str, ...] = ()


class Disks(Protocol):
    """All disks of a computer."""

    def all(self) -> tuple[Disk, ...]:
        """As they are now. Raises DeskTokenError."""


class SystemDisks:
    """The disks of this computer, by lsblk."""

    def all(self) -> tuple[Disk, ...]:
        """As they are now."""
        try:
            said = subprocess.run(LSBLK, capture_output=True, check=True, timeout=20).stdout
        except (OSError, subprocess.SubprocessError) as missing:
            raise DeskTokenError(_("This computer cannot list its disks")) from missing
        return disks_of(said)


def disks_of(untrusted: bytes) -> tuple[Disk, ...]:
    """The disks that lsblk told. Raises DeskTokenError."""
    try:
        told = msgspec.json.decode(untrusted)["blockdevices"]
        return tuple(_disk(row) for row in told if row["type"] in KINDS and row["size"])
    except (msgspec.DecodeError, KeyError, TypeError) as wrong:
        raise DeskTokenError(_("This computer cannot list its disks")) from wrong


def cards(disks: Disks) -> tuple[Disk, ...]:
    """Those that may be written: removable, of a card's size, and no part of them in use by the system."""
    return tuple(disk for disk in disks.all() if disk.removable and not _is_system(disk))


def chosen(disks: Disks, path: str) -> Disk:
    """The disk that was asked for. Raises Refused for one that is no card."""
    for disk in cards(disks):
        if disk.path == path:
            if disk.mounted:
                raise Refused(_("That card is in use; unmount it first"))
            return disk
    raise Refused(_("That is no removable disk, or this computer runs from it"))


def agreed(disks: Disks, path: str, ask: Callable[[Disk], str]) -> Disk:
    """The disk that was asked for and typed once more; it is looked at again after the answer. Raises Refused."""
    disk = chosen(disks, path)
    if ask(disk) != path:
        raise Refused(_("That was another path; nothing was written"))
    if chosen(disks, path) != disk:
        raise Refused(_("Another card is there now; nothing was written"))
    return disk


def _is_system(disk: Disk) -> bool:
    system = ("/", "/boot", "/boot/firmware", "/boot/efi", "/home", "/usr", "/var", "[SWAP]")
    return disk.size > LARGEST or any(place in system for place in disk.mounted)


def _disk(row: dict[str, Any]) -> Disk:
    places = tuple(_places(row))
    # a file as a disk is for those who make images; one that is mounted is part of the system, such as a snap
    removable = bool(row["rm"] or row["hotplug"] or (row["type"] == "loop" and not places))
    model = str(row["model"] or "").strip()
    marks = tuple(str(row.get(mark) or "") for mark in ("serial", "ptuuid"))
    return Disk(str(row["path"]), int(row["size"]), model, removable, places, marks)


def _places(row: dict[str, Any]) -> Iterator[str]:
    yield from (str(place) for place in row.get("mountpoints") or () if place)
    for part in row.get("children") or ():
        yield from _places(part)
