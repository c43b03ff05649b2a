"""What was done to the disk, call by call, and the places where a test lets a call fail or the power go."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

DIRECTORY = -1


@dataclass(frozen=True, slots=True)
class Create:
    """A new name for a new file. Names are directory entries: they obey the order of the file system's journal."""

    name: str
    file: int


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes into a file at an offset."""

    file: int
    at: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """Another length."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to this file before (or, for DIRECTORY, every change of names) is on the disk."""

    file: int


@dataclass(frozen=True, slots=True)
class Rename:
    """A file under another name; what had that name is gone."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """A name that is gone."""

    name: str


Op = Create | Write | Truncate | Sync | Rename | Unlink


@dataclass(frozen=True, slots=True)
class Fault:
    """The call with this number fails with this error; with `stays` every later one does too."""

    at: int
    number: int
    stays: bool = False


@dataclass
class Journal:
    """The calls on one folder since it held `base`."""

    folder: Path
    base: dict[str, bytes] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    fault: Fault | None = None
    before: Callable[[int], None] | None = None
    calls: int = 0

    def __post_init__(self) -> None:
        self.files = {name: number for number, name in enumerate(sorted(self.base))}
        self._next = len(self.files)

    def about_to(self) -> None:
        """Every changing call passes here before it is made. Raises OSError when it is the one that fails."""
        number = self.calls
        self.calls += 1
        if self.before is not None:
            self.before(number)
        fault = self.fault
        if fault and (number == fault.at or (fault.stays and number > fault.at)):
            raise OSError(fault.number, os.strerror(fault.number))

    def opened(self, name: str, *, exists: bool) -> int:
        """The number of the file with this name, a new one if there is none."""
        if name not in self.files or not exists:
            self.files[name] = self._next
            self._next += 1
            self.ops.append(Create(name, self.files[name]))
        return self.files[name]

    def renamed(self, source: str, target: str) -> None:
        self.files[target] = self.files.pop(source)
        self.ops.append(Rename(source, target))

    def unlinked(self, name: str) -> None:
        self.files.pop(name, None)
        self.ops.append(Unlink(name))


class JournalledCalls:
    """The system's calls with a journal between: the same promises as `os`, kept by `os` itself."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._handles: dict[int, tuple[int, int]] = {}

    def open(self, path: Path, flags: int, mode: int = 0o600, /) -> int:
        if path == self._journal.folder:
            handle = os.open(path, flags)
            self._handles[handle] = (DIRECTORY, 0)
            return handle
        exists = path.exists()
        if not exists:
            if not flags & os.O_CREAT:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            self._journal.about_to()
        handle = os.open(path, flags, mode)
        file = self._journal.opened(path.name, exists=exists)
        if exists and flags & os.O_TRUNC:
            self._journal.ops.append(Truncate(file, 0))
        self._handles[handle] = (file, 0)
        return handle

    def write(self, handle: int, content: bytes, /) -> int:
        self._journal.about_to()
        file, at = self._handles[handle]
        written = os.write(handle, content)
        self._journal.ops.append(Write(file, at, content[:written]))
        self._handles[handle] = (file, at + written)
        return written

    def fsync(self, handle: int, /) -> None:
        self._journal.about_to()
        os.fsync(handle)
        self._journal.ops.append(Sync(self._handles[handle][0]))

    def close(self, handle: int, /) -> None:
        del self._handles[handle]
        os.close(handle)

    def replace(self, source: Path, target: Path, /) -> None:
        self._journal.about_to()
        source.replace(target)
        self._journal.renamed(source.name, target.name)

    def unlink(self, path: Path, /) -> None:
        self._journal.about_to()
        path.unlink()
        self._journal.unlinked(path.name)
