"""What was done to a tree of folders, files and links, call by call; the deep brother of `journal`.

Paths are relative to the tree's folder. A fault may be planted at any call, as there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.journal import Fault, Sync, Write


@dataclass(frozen=True, slots=True)
class Folder:
    """A node: a folder."""


@dataclass(frozen=True, slots=True)
class Link:
    """A node: a symbolic link with its content, which is part of its name's entry."""

    content: str


@dataclass(frozen=True, slots=True)
class File:
    """A node: the file with this number."""

    number: int


Node = Folder | Link | File
Tree = dict[str, Folder | Link | bytes]


@dataclass(frozen=True, slots=True)
class Make:
    """A new name for a new node."""

    path: str
    node: Node


@dataclass(frozen=True, slots=True)
class Move:
    """Another name; what had that name is gone, and what lies below comes along."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A name that is gone."""

    path: str


@dataclass(frozen=True, slots=True)
class SyncFolder:
    """Every change of names in this folder before is on the disk."""

    path: str


Op = Make | Move | Remove | SyncFolder | Write | Sync


@dataclass
class TreeJournal:
    """The calls on one tree since it held `base`."""

    folder: Path
    base: Tree = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    fault: Fault | None = None
    calls: int = 0

    def __post_init__(self) -> None:
        names = (name for name, node in sorted(self.base.items()) if isinstance(node, bytes))
        self.files = {name: number for number, name in enumerate(names)}
        self.next = len(self.files)

    def about_to(self) -> None:
        """Every changing call passes here before it is made. Raises OSError when it is the one that fails."""
        number = self.calls
        self.calls += 1
        fault = self.fault
        if fault and (number == fault.at or (fault.stays and number > fault.at)):
            raise OSError(fault.number, os.strerror(fault.number))

    def named(self, path: Path) -> str:
        """A path as the journal writes it."""
        return str(path.relative_to(self.folder))


class WatchedTree:
    """The system's calls with a journal between: the same promises as `os`, kept by `os` itself."""

    def __init__(self, journal: TreeJournal) -> None:
        self.journal = journal
        self._open: dict[int, tuple[int | str, int]] = {}

    def open(self, path: Path, flags: int, mode: int = 0o600, /) -> int:
        journal, name = self.journal, self.journal.named(path)
        if flags & os.O_DIRECTORY:
            handle = os.open(path, flags)
            self._open[handle] = (name, 0)
            return handle
        journal.about_to()
        fresh = not path.exists()
        handle = os.open(path, flags, mode)
        if fresh or flags & os.O_TRUNC:
            # an emptied draft is a new file to us: its old bytes may never come back under the name
            journal.files[name] = journal.next
            journal.next += 1
            journal.ops.append(Make(name, File(journal.files[name])))
        self._open[handle] = (journal.files[name], 0)
        return handle

    def write(self, handle: int, content: bytes, /) -> int:
        self.journal.about_to()
        written = os.write(handle, content)
        number, at = self._open[handle]
        assert isinstance(number, int)
        self.journal.ops.append(Write(number, at, content[:written]))
        self._open[handle] = (number, at + written)
        return written

    def fsync(self, handle: int, /) -> None:
        self.journal.about_to()
        what = self._open[handle][0]
        self.journal.ops.append(SyncFolder(what) if isinstance(what, str) else Sync(what))

    def close(self, handle: int, /) -> None:
        del self._open[handle]
        os.close(handle)

    def replace(self, source: Path, target: Path, /) -> None:
        self._change(lambda: source.replace(target))
        names = self.journal.named(source), self.journal.named(target)
        self.journal.ops.append(Move(*names))
        files = self.journal.files
        for name in [name for name in files if (name + "/").startswith(names[0] + "/")]:
            files[names[1] + name.removeprefix(names[0])] = files.pop(name)

    def unlink(self, path: Path, /) -> None:
        self._change(path.unlink)
        self.journal.ops.append(Remove(self.journal.named(path)))

    def rmdir(self, path: Path, /) -> None:
        self._change(path.rmdir)
        self.journal.ops.append(Remove(self.journal.named(path)))

    def mkdir(self, path: Path, mode: int = 0o777, /) -> None:
        self._change(lambda: path.mkdir(mode))
        self.journal.ops.append(Make(self.journal.named(path), Folder()))

    def symlink(self, content: str, path: Path, /) -> None:
        self._change(lambda: path.symlink_to(content))
        self.journal.ops.append(Make(self.journal.named(path), Link(content)))

    def _change(self, act: Callable[[], object]) -> None:
        self.journal.about_to()
        act()
