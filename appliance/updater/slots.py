"""The slots: `slots/<version>/` each whole or not there, `current` and `previous` that name two of them.

A slot is filled under a draft's name, synced file by file and folder by folder, and only then gets its own name; what
has its own name is complete. Nothing here decides which version should run.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from appliance.core.errors import Refused, StorageTrouble
from appliance.updater.book import NO_DISK
from appliance.updater.guard import (
    CURRENT,
    PREVIOUS,
    PROGRAM,
    SLOTS,
    Calls,
    point,
    pointed,
    runs,
    settle,
)
from appliance.updater.packages import TOO_MUCH, Place
from appliance.wire.bundle import _

SPARE = 64 * 1024 * 1024
DRAFT = ".draft-"
NAMES = re.compile(r"[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}", re.ASCII)
FULL = _("The card is too full for this update. Nothing was changed.")
Fill = Callable[[Place], None]


class Slots:
    """The software's folder. Everything that changes it goes through `calls`; `runs_at` is where it will be run."""

    def __init__(
        self,
        root: Path,
        calls: Calls = os,
        interpreter: Path | None = None,
        runs_at: Path | None = None,
    ) -> None:
        self.root = root
        self._calls = calls
        self._runs_at = runs_at or root
        self._interpreter = interpreter or Path(getattr(sys, "_base_executable", sys.executable))

    @property
    def current(self) -> str:
        """The version that is started."""
        return pointed(self.root, CURRENT)

    @property
    def previous(self) -> str:
        """The version to go back to; empty when there is none."""
        name = pointed(self.root, PREVIOUS)
        return name if name != self.current and runs(self.root, name) else ""

    def use(self, version: str) -> None:
        """Start this one from now on. Raises StorageTrouble."""
        self.attempt(lambda: point(self.root, CURRENT, version, self._calls))

    def keep(self, version: str) -> None:
        """Remember this one as the one to go back to. Raises StorageTrouble."""
        self.attempt(lambda: point(self.root, PREVIOUS, version, self._calls))

    def tidy(self) -> None:
        """Remove drafts, and slots that neither `current` nor `previous` names. Raises StorageTrouble."""
        kept = {self.current, pointed(self.root, PREVIOUS)}
        for path in sorted((self.root / SLOTS).iterdir()):
            if path.name not in kept and (
                path.name.startswith(DRAFT) or NAMES.fullmatch(path.name)
            ):
                self.attempt(partial(self._remove, path))

    def check_room(self, size: int) -> None:
        """Whether so many bytes fit, with some to spare. Raises Refused."""
        free = os.statvfs(self.root)
        if free.f_bavail * free.f_frsize < size + SPARE:
            raise Refused(FULL)

    def make(self, version: str, size: int, fill: Fill) -> None:
        """A whole slot with what `fill` puts into it, at most so many bytes. Raises Refused, StorageTrouble."""
        final = self.root / SLOTS / version
        draft = self.root / SLOTS / f"{DRAFT}{version}"
        self.attempt(lambda: self._remove(draft))
        if final.is_dir():
            self.attempt(lambda: self._remove(final))
        try:
            self.attempt(lambda: self._fill(draft, final, size, fill))
        except (Refused, StorageTrouble):
            with suppress(StorageTrouble):
                self.attempt(lambda: self._remove(draft))
            raise

    def _fill(self, draft: Path, final: Path, size: int, fill: Fill) -> None:
        """PEP 405: a folder with this file and a link to the interpreter is an environment."""
        calls = self._calls
        packages = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        for folder in (draft, draft / "bin", draft / "lib"):
            calls.mkdir(folder, 0o755)
        calls.symlink(str(self._interpreter), draft / PROGRAM)
        about = f"home = {self._interpreter.parent}\ninclude-system-site-packages = true\n"
        self._write(draft / "pyvenv.cfg", about.encode())
        there = Place(draft, self._runs_at / SLOTS / final.name, packages, calls, _counted(size))
        there.made(draft / "bin", draft / "lib")
        fill(there)
        for folder in _folders(draft):
            settle(folder, calls)
        calls.replace(draft, final)
        settle(final.parent, calls)

    def _write(self, path: Path, content: bytes) -> None:
        handle = self._calls.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            self._calls.write(handle, content)
            self._calls.fsync(handle)
        finally:
            self._calls.close(handle)

    def _remove(self, tree: Path) -> None:
        """A tree that loses its own name first, so that half of it never looks like a slot."""
        if not tree.name.startswith(DRAFT) and tree.exists():
            old = tree.with_name(f"{DRAFT}{tree.name}.old")
            self._empty(old)
            self._calls.replace(tree, old)
            settle(tree.parent, self._calls)
            tree = old
        self._empty(tree)

    def _empty(self, tree: Path) -> None:
        for path in _inside(tree):
            if path.is_dir() and not path.is_symlink():
                self._calls.rmdir(path)
            else:
                self._calls.unlink(path)
        if tree.is_dir():
            self._calls.rmdir(tree)

    def attempt(self, act: Callable[[], None]) -> None:
        """Do this to the disk; its refusals are Refused when it is full, else StorageTrouble."""
        try:
            act()
        except OSError as wrong:
            if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Refused(FULL) from wrong
            raise StorageTrouble(NO_DISK) from wrong


def _counted(size: int) -> Callable[[int], None]:
    written = 0

    def count(more: int) -> None:
        nonlocal written
        written += more
        if written > size:
            raise Refused(TOO_MUCH)

    return count


def _inside(tree: Path) -> Iterator[Path]:
    """What lies in a tree, deepest first."""
    if not tree.is_dir():
        return
    for path in sorted(tree.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _inside(path)
        yield path


def _folders(tree: Path) -> Iterator[Path]:
    """Every folder of a tree, deepest first, itself last."""
    yield from (path for path in _inside(tree) if path.is_dir() and not path.is_symlink())
    yield tree
