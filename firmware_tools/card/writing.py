"""Writes the files of a boot partition all or none, and an image to a disk; each is read back before it counts.

A draft of every file is on the card, whole, before the first one takes its place; without room for all, none changes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from appliance.core.errors import DeskTokenError
from firmware_tools.words import _

PIECE = 4 * 1024 * 1024
NO_ROOM = _("There is no room on the card, or it is broken; nothing was changed")
DIFFERS = _("What was read back is not what was written: use another card")


def put(folder: Path, contents: Mapping[str, str]) -> None:
    """Put all files there. Raises DeskTokenError, and then the old files are as they were."""
    drafts = {folder / name: folder / f".{name}.draft" for name in contents}
    try:
        for path, draft in drafts.items():
            _fill(draft, contents[path.name].encode())
        for path, draft in drafts.items():
            draft.replace(path)
        _settle(folder)
    except OSError as full:
        raise DeskTokenError(NO_ROOM) from full
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    if any((folder / name).read_text(encoding="utf-8") != said for name, said in contents.items()):
        raise DeskTokenError(DIFFERS)


def copy_image(image: Path, disk: Path, told: Callable[[int, int], None]) -> str:
    """Copy an image to a disk, read it back, and give its SHA-256. Raises DeskTokenError."""
    size = image.stat().st_size
    try:
        with image.open("rb") as source, disk.open("r+b") as target:
            written = _copied(source, target, lambda done: told(done, 2 * size))
            os.fsync(target.fileno())
            os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with disk.open("rb") as target:
            back = _hashed(target, size, lambda done: told(size + done, 2 * size))
    except OSError as full:
        raise DeskTokenError(_("The image does not fit on this card, or it is broken")) from full
    if written != back:
        raise DeskTokenError(DIFFERS)
    return written


def _copied(source: BinaryIO, target: BinaryIO, told: Callable[[int], None]) -> str:
    mark, done = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        target.write(piece)
        mark.update(piece)
        done += len(piece)
        told(done)
    target.flush()
    return mark.hexdigest()


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
