"""Writes the files of a boot partition all or none, and an image to a disk; each is read back before it counts.

A draft of every file is on the card, whole, before the first one takes its place; without room for all, none changes,
and what stops in between puts the old files back. The head of an image, with its table of partitions, is written last:
a card that was pulled out half-way is empty to every computer, never a system that half works.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from appliance.core.errors import DeskTokenError
from firmware_tools.card.first_run import CMDLINE
from firmware_tools.words import _

PIECE = 4 * 1024 * 1024
NO_ROOM = _("There is no room on the card, or it is broken; nothing was changed")
DIFFERS = _("What was read back is not what was written: use another card")


def command_line_of(folder: Path) -> str:
    """The kernel's command line on this boot partition, empty when it has none."""
    try:
        return (folder / CMDLINE).read_text(encoding="utf-8", errors="replace")[:4096]
    except OSError:
        return ""


def put(folder: Path, contents: Mapping[str, str]) -> None:
    """Put all files there, the last one last. Raises DeskTokenError, and then the old files are as they were."""
    drafts = {folder / name: folder / f".{name}.draft" for name in contents}
    try:
        old = {path: path.read_bytes() if path.exists() else None for path in drafts}
        for path, draft in drafts.items():
            _fill(draft, contents[path.name].encode())
        exchange(drafts, old)
        _settle(folder)
    except OSError as full:
        raise DeskTokenError(NO_ROOM) from full
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    if any((folder / name).read_text(encoding="utf-8") != said for name, said in contents.items()):
        raise DeskTokenError(DIFFERS)


def exchange(drafts: Mapping[Path, Path], old: Mapping[Path, bytes | None]) -> None:
    """Every draft takes its place, or every old file is there again. Raises OSError."""
    whole = False
    try:
        for path, draft in drafts.items():
            draft.replace(path)
        whole = True
    finally:
        for path, content in old.items() if not whole else ():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                _fill(path, content)


def copy_image(image: Path, disk: Path, told: Callable[[int, int], None]) -> str:
    """Copy an image to a disk, read it back, and give its SHA-256. Raises DeskTokenError."""
    size = image.stat().st_size
    try:
        with image.open("rb") as source, _alone(disk) as target:
            _room(target, size)
            written = _copied(source, target, lambda done: told(done, 2 * size))
            os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with disk.open("rb") as target:
            back = _hashed(target, size, lambda done: told(size + done, 2 * size))
    except OSError as full:
        raise DeskTokenError(_trouble(full)) from full
    if written != back:
        raise DeskTokenError(DIFFERS)
    return written


def _alone(disk: Path) -> BinaryIO:
    """The disk, for this program alone: the kernel refuses one of which a part is mounted (open(2), O_EXCL)."""
    return os.fdopen(os.open(disk, os.O_RDWR | os.O_EXCL), "r+b")


def _room(target: BinaryIO, size: int) -> None:
    """Raises OSError for an image that is larger than the disk, before anything is lost."""
    if target.seek(0, os.SEEK_END) < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    target.seek(0)


def _trouble(error: OSError) -> str:
    match error.errno:
        case errno.EBUSY:
            return _("That card is in use; unmount it first")
        case errno.EACCES | errno.EPERM:
            return _("Only the administrator may write to disks; start it again with sudo")
        case _:
            return _("The image does not fit on this card, or it is broken")


def _copied(source: BinaryIO, target: BinaryIO, told: Callable[[int], None]) -> str:
    """Nothing where the head belongs, then the rest, then the head; each is on the disk before the next."""
    head = source.read(PIECE)
    mark, done = hashlib.sha256(head), len(head)
    target.write(bytes(len(head)))
    _sync(target)
    while piece := source.read(PIECE):
        target.write(piece)
        mark.update(piece)
        done += len(piece)
        told(done)
    _sync(target)
    target.seek(0)
    target.write(head)
    _sync(target)
    told(done)
    return mark.hexdigest()


def _sync(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())


def _hashed(source: BinaryIO, size: int, told: Callable[[int], None]) -> str:
    mark, done = hashlib.sha256(), 0
    while done < size and (piece := source.read(min(PIECE, size - done))):
        mark.update(piece)
        done += len(piece)
        told(done)
    return mark.hexdigest()


def _fill(path: Path, content: bytes) -> None:
    with path.open("wb") as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
