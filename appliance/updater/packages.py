"""Puts one wheel's files into a slot, with the compiled form of each module beside it. Runs nothing that is inside.

The reading of wheels is the library's (PyPA binary distribution format, `installer`); this file decides where a file
may lie, how much there may be of it, and writes it through the watched calls. A name that leaves the slot, a file that
is there already or more bytes than were promised end the whole installation.
"""

from __future__ import annotations

import importlib.util
import io
import marshal
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

import installer
from installer.destinations import WheelDestination
from installer.exceptions import InstallerError
from installer.records import InvalidRecordEntry, RecordEntry
from installer.scripts import Script
from installer.sources import WheelFile
from installer.utils import Scheme, construct_record_file

from appliance.core.errors import Refused
from appliance.updater.guard import PROGRAM, Calls
from appliance.wire.bundle import NOT_ONE, _

if TYPE_CHECKING:
    from installer.scripts import ScriptSection

MOST_FILES, LARGEST_FILE, CHUNK = 20_000, 128 * 1024 * 1024, 1024 * 1024
TOO_MUCH = _("There is more in the update than it says")
# PEP 552: a compiled file bound to its source's hash, never checked again
BY_HASH = (0b01).to_bytes(4, "little")
Count = Callable[[int], None]


class Place(WheelDestination):
    """A slot being filled. `count` hears how many bytes were written and raises Refused when it is too much."""

    def __init__(self, draft: Path, final: Path, packages: str, calls: Calls, count: Count) -> None:
        self._draft = draft
        self._interpreter = str(final / PROGRAM)
        self._folders = {"purelib": packages, "platlib": packages, "scripts": "bin"}
        self._calls = calls
        self._count = count
        self._made = {draft}

    def made(self, *folders: Path) -> None:
        """These are there already."""
        self._made.update(folders)

    def write_file(
        self,
        scheme: Scheme,
        path: str | os.PathLike[str],
        stream: BinaryIO,
        is_executable: bool,
    ) -> RecordEntry:
        """A file of the wheel; headers and manuals of packages stay out."""
        name = os.fspath(path)
        if scheme in self._folders:
            content = stream.read(LARGEST_FILE + 1)
            if scheme == "scripts" and content.startswith(b"#!python"):
                content = f"#!{self._interpreter}".encode() + content.removeprefix(b"#!python")
            self._write(self._at(scheme, name), content, executable=is_executable)
        return RecordEntry(name, None, None)

    def write_script(
        self, name: str, module: str, attr: str, section: ScriptSection
    ) -> RecordEntry:
        """A command of the wheel."""
        made, content = Script(name, module, attr, section).generate(self._interpreter, "posix")
        self._write(self._at(Scheme("scripts"), made), content, executable=True)
        return RecordEntry(made, None, None)

    def finalize_installation(
        self,
        scheme: Scheme,
        record_file_path: str,
        records: Iterable[tuple[Scheme, RecordEntry]],
    ) -> None:
        """The list of what was written, as other tools read it."""
        with construct_record_file(list(records)) as listed:
            self._write(self._at(scheme, record_file_path), listed.read(), executable=False)

    def _at(self, scheme: Scheme, untrusted_name: str) -> PurePosixPath:
        name = PurePosixPath(untrusted_name)
        plain = not name.is_absolute() and ".." not in name.parts and name.parts
        if not plain or "\\" in untrusted_name or not untrusted_name.isprintable():
            raise Refused("The update has a file that would lie outside its place")
        return PurePosixPath(self._folders.get(scheme, "")) / name

    def _write(self, name: PurePosixPath, content: bytes, *, executable: bool) -> None:
        self._put(name, content, executable=executable)
        if name.suffix == ".py" and name.parts[0] == "lib":
            compiled = _compiled(content, str(name))
            if compiled:
                cached = importlib.util.cache_from_source(str(name))
                self._put(PurePosixPath(cached), compiled, executable=False)

    def _put(self, name: PurePosixPath, content: bytes, *, executable: bool) -> None:
        if len(content) > LARGEST_FILE:
            raise Refused(TOO_MUCH)
        self._count(len(content))
        path = self._draft / name
        self._folder(path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            handle = self._calls.open(path, flags, 0o755 if executable else 0o644)
        except FileExistsError as twice:
            raise Refused(NOT_ONE) from twice
        try:
            for at in range(0, len(content), CHUNK):
                part = content[at : at + CHUNK]
                while part:
                    part = part[self._calls.write(handle, part) :]
            self._calls.fsync(handle)
        finally:
            self._calls.close(handle)

    def _folder(self, folder: Path) -> None:
        if folder in self._made:
            return
        self._folder(folder.parent)
        self._calls.mkdir(folder, 0o755)
        self._made.add(folder)


def place(wheel: BinaryIO, there: Place) -> None:
    """Put this wheel there. Raises Refused for one that is not whole or reaches out of its place, OSError."""
    try:
        with zipfile.ZipFile(wheel) as opened:
            files = opened.infolist()
            if len(files) > MOST_FILES or any(each.file_size > LARGEST_FILE for each in files):
                raise Refused(TOO_MUCH)
            installer.install(WheelFile(opened), there, {})
    except (
        zipfile.BadZipFile,
        zlib.error,
        InstallerError,
        InvalidRecordEntry,
        EOFError,
        RuntimeWarning,
    ) as wrong:
        raise Refused(NOT_ONE) from wrong
    except (ValueError, KeyError, AssertionError, NotImplementedError, RuntimeError) as wrong:
        raise Refused(NOT_ONE) from wrong


def _compiled(source: bytes, name: str) -> bytes:
    """The module as the interpreter caches it; nothing for one that this Python cannot read (a test's, a template)."""
    try:
        code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""
    head = io.BytesIO()
    head.write(importlib.util.MAGIC_NUMBER + BY_HASH + importlib.util.source_hash(source))
    head.write(marshal.dumps(code))
    return head.getvalue()
