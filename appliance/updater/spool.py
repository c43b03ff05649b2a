"""Where a file comes together before anybody believes it: one at a time, piece by piece, and gone when it is dropped.

Nothing in it is durable and nothing needs to be: after a power cut the file is sent again.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from appliance.core.errors import Refused, StorageTrouble
from appliance.updater.book import NO_DISK
from appliance.updater.slots import FULL, SPARE
from appliance.wire.bundle import LARGEST_BUNDLE, _

FILE = "coming.bundle"
CHUNK = 1024 * 1024
GAP = _("A part of the file is missing. Send it again.")
ON_STICK = "*.desk-token"


class Spool:
    """The file that is coming in, in this folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._number = ""
        self._size = self._at = 0
        self._path.unlink(missing_ok=True)

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return bool(self._size) and self._at == self._size

    @property
    def size(self) -> int:
        """How many bytes it has, or will have."""
        return self._size

    @property
    def percent(self) -> int:
        """How much of it is here."""
        return 100 * self._at // self._size if self._size else 0

    def begin(self, number: str, size: int) -> None:
        """Make room for a file of so many bytes. Raises Refused, StorageTrouble."""
        self.drop()
        if not 0 < size <= LARGEST_BUNDLE:
            raise Refused("The update is too big")
        free = os.statvfs(self._path.parent)
        if free.f_bavail * free.f_frsize < size + SPARE:
            raise Refused(FULL)
        self._number, self._size, self._at = number, size, 0
        self._put(b"", "wb")

    def take(self, number: str, at: int, data: bytes) -> None:
        """The next piece. Raises Refused for another file's or one that does not follow, StorageTrouble."""
        if number != self._number or not self._size:
            raise Refused("Another update is being sent")
        if at != self._at or at + len(data) > self._size or not data:
            raise Refused(GAP)
        self._put(data, "ab")
        self._at += len(data)

    def copy(self, found: Path, size: int) -> None:
        """A file from a stick, so that pulling the stick changes nothing. Raises Refused, StorageTrouble."""
        self.begin(str(found), size)
        try:
            with found.open("rb") as source, self._path.open("wb") as out:
                shutil.copyfileobj(source, out, CHUNK)
                self._at = out.tell()
        except OSError as wrong:
            self.drop()
            raise _trouble(wrong) from wrong
        if not self.whole:
            self.drop()
            raise Refused(GAP)

    def open(self) -> BinaryIO:
        """The whole file, to be read. Raises Refused when there is none."""
        if not self.whole:
            raise Refused("There is no update to install")
        try:
            return self._path.open("rb")
        except OSError as wrong:
            raise _trouble(wrong) from wrong

    def drop(self) -> None:
        """Forget the file."""
        self._number, self._size, self._at = "", 0, 0
        self._path.unlink(missing_ok=True)

    def _put(self, data: bytes, mode: str) -> None:
        try:
            with self._path.open(mode) as out:
                out.write(data)
        except OSError as wrong:
            self.drop()
            raise _trouble(wrong) from wrong


def on_sticks(folders: tuple[Path, ...]) -> Path:
    """The newest-named update in these folders or one below. Raises Refused when there is none."""
    found = [
        path
        for folder in folders
        for pattern in (ON_STICK, f"*/{ON_STICK}", f"*/*/{ON_STICK}")
        for path in _globbed(folder, pattern)
    ]
    if not found:
        raise Refused("No update was found on a USB stick")
    return max(found, key=lambda path: path.name)


def _globbed(folder: Path, pattern: str) -> list[Path]:
    try:
        return [path for path in folder.glob(pattern) if path.is_file() and not path.is_symlink()]
    except OSError:
        return []


def _trouble(wrong: OSError) -> Refused | StorageTrouble:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refused(FULL)
    return StorageTrouble(NO_DISK)
