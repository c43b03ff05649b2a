"""A part of a file, seen as a file of its own: a package inside the bundle, read where it lies. Reads only."""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from appliance.wire.bundle_archive import Member


class Window(io.RawIOBase):
    """So many bytes of `whole` from an offset on; `name` is what readers may call it."""

    def __init__(self, whole: BinaryIO, member: Member, name: str) -> None:
        super().__init__()
        self._whole = whole
        self._member = member
        self._place = 0
        self.name = name

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Another place inside the window."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._member.size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        """Up to so many bytes, none beyond the window."""
        left = max(0, self._member.size - self._place)
        wanted = left if size is None or size < 0 else min(size, left)
        self._whole.seek(self._member.at + self._place)
        content = self._whole.read(wanted)
        self._place += len(content)
        return content
