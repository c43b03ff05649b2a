"""A file layer inside the very SQLite that Python uses: the system's own, with a journal between.

SQLite calls its files through a table of functions (sqlite.org/vfs.html). This one passes every call on to the default
table and writes changes down; a call that shall fail answers with SQLite's code for that error. Reached through ctypes,
so the vault under test opens its file with `sqlite3.connect` like in production.
"""

from __future__ import annotations

import _sqlite3
import ctypes as c
import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.crash.journal import DIRECTORY, Journal, Sync, Truncate, Write

OK, FULL, IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_DELETE = 0, 13, 778, 1034, 1546, 2570
CANTOPEN = 14
OPEN_CREATE, OPEN_JOURNAL, OPEN_WAL = 0x4, 0x800, 0x80000
HEAD = 16
P, N, L = c.c_void_p, c.c_int, c.c_int64
PI, PL = c.POINTER(c.c_int), c.POINTER(c.c_int64)


class Methods(c.Structure):
    """`sqlite3_io_methods`, version 1: no shared memory, which an exclusive lock makes needless."""

    _fields_ = (
        ("version", N),
        ("close", c.CFUNCTYPE(N, P)),
        ("read", c.CFUNCTYPE(N, P, P, N, L)),
        ("write", c.CFUNCTYPE(N, P, P, N, L)),
        ("truncate", c.CFUNCTYPE(N, P, L)),
        ("sync", c.CFUNCTYPE(N, P, N)),
        ("size", c.CFUNCTYPE(N, P, PL)),
        ("lock", c.CFUNCTYPE(N, P, N)),
        ("unlock", c.CFUNCTYPE(N, P, N)),
        ("reserved", c.CFUNCTYPE(N, P, PI)),
        ("control", c.CFUNCTYPE(N, P, N, P)),
        ("sector", c.CFUNCTYPE(N, P)),
        ("characteristics", c.CFUNCTYPE(N, P)),
    )


class SharedMethods(c.Structure):
    """Version 2: with the memory that several connections to one log share. It is no file: a cut leaves none of it."""

    _fields_ = (
        *Methods._fields_,
        ("map", c.CFUNCTYPE(N, P, N, N, N, P)),
        ("shared_lock", c.CFUNCTYPE(N, P, N, N, N)),
        ("barrier", c.CFUNCTYPE(None, P)),
        ("unmap", c.CFUNCTYPE(N, P, N)),
    )


class Layer(c.Structure):
    """`sqlite3_vfs`, as far as we replace it; the rest is the default's."""

    _fields_ = (
        ("version", N),
        ("file_size", N),
        ("longest_name", N),
        ("next", P),
        ("name", c.c_char_p),
        ("data", P),
        ("open", c.CFUNCTYPE(N, P, P, P, N, PI)),
        ("delete", c.CFUNCTYPE(N, P, c.c_char_p, N)),
        ("rest", P * 20),
    )


class _Open(NamedTuple):
    inner: int
    table: Methods | SharedMethods
    journal: Journal
    file: int
    new_log: bool


class Watched:
    """A registered layer. Files of `folder`s that have a journal are written down, others pass.

    Connections that share a database need `SharedMethods`.
    """

    def __init__(self, name: str, kind: type[Methods | SharedMethods] = Methods) -> None:
        self.name, self._kind = name, kind
        self.journals: dict[str, Journal] = {}
        self._open: dict[int, _Open] = {}
        self._library = c.CDLL(_sqlite3.__file__)
        self._library.sqlite3_vfs_find.restype = c.POINTER(Layer)
        self._inner: Layer = self._library.sqlite3_vfs_find(None).contents
        self._layer = Layer.from_buffer_copy(self._inner)
        self._layer.name, self._layer.file_size = name.encode(), self._inner.file_size + HEAD
        self._layer.next = None
        fields = dict(Layer._fields_)
        self._layer.open, self._layer.delete = (
            fields["open"](self._opens),
            fields["delete"](self._deletes),
        )
        self._methods = _methods(self, kind)
        self._library.sqlite3_vfs_register(c.byref(self._layer), 0)

    def close(self) -> None:
        """Take the layer out again. Files that are still open (a statement may outlive its connection) need it on."""
        self._library.sqlite3_vfs_unregister(c.byref(self._layer))
        if self._open:
            c.pythonapi.Py_IncRef(c.py_object(self))

    def connect(
        self, path: Path, kind: type[sqlite3.Connection] = sqlite3.Connection
    ) -> sqlite3.Connection:
        """What production's `connect` does, through this layer."""
        uri = f"file:{path}?vfs={self.name}"
        return sqlite3.connect(uri, timeout=3.0, isolation_level=None, uri=True, factory=kind)

    def _opens(self, _: int, name: int, handle: int, flags: int, out: Any) -> int:  # noqa: ANN401
        """The inner layer keeps the pointer to the name, so it must be SQLite's own."""
        path = Path(c.string_at(name).decode())
        journal, exists = self.journals[str(path.parent)], path.exists()
        if not exists and flags & OPEN_CREATE and _refused(journal):
            return CANTOPEN
        inner = handle + HEAD
        code = self._inner.open(c.addressof(self._inner), name, inner, flags, out)
        if code != OK:
            return code
        table = self._kind.from_address(c.c_void_p.from_address(inner).value or 0)
        number = journal.opened(path.name, exists=exists)
        new_log = not exists and bool(flags & (OPEN_JOURNAL | OPEN_WAL))
        self._open[handle] = _Open(inner, table, journal, number, new_log)
        c.c_void_p.from_address(handle).value = c.addressof(self._methods)
        return OK

    def _deletes(self, _: int, name: bytes, durable: int) -> int:
        path = Path(name.decode())
        journal = self.journals[str(path.parent)]
        if _refused(journal):
            return IOERR_DELETE
        code = self._inner.delete(c.addressof(self._inner), name, durable)
        if code == OK:
            journal.unlinked(path.name)
            if durable:
                journal.ops.append(Sync(DIRECTORY))
        return code

    def closes(self, handle: int) -> int:
        file = self._open.pop(handle)
        return int(file.table.close(file.inner))

    def writes(self, handle: int, data: int, amount: int, at: int) -> int:
        file = self._open[handle]
        wrong = _failing(file.journal)
        if wrong:
            return FULL if wrong == errno.ENOSPC else IOERR_WRITE
        code: int = file.table.write(file.inner, data, amount, at)
        file.journal.ops.append(Write(file.file, at, c.string_at(data, amount)))
        return code

    def truncates(self, handle: int, size: int) -> int:
        file = self._open[handle]
        if _refused(file.journal):
            return IOERR_TRUNCATE
        code: int = file.table.truncate(file.inner, size)
        file.journal.ops.append(Truncate(file.file, size))
        return code

    def syncs(self, handle: int, flags: int) -> int:
        """A new log's first sync also syncs its folder: the default layer does that inside this call."""
        file = self._open[handle]
        if _refused(file.journal):
            return IOERR_FSYNC
        code: int = file.table.sync(file.inner, flags)
        file.journal.ops.append(Sync(file.file))
        if file.new_log:
            file.journal.ops.append(Sync(DIRECTORY))
            self._open[handle] = file._replace(new_log=False)
        return code

    def passing(self, name: str) -> Callable[..., int]:
        """This call goes to the default as it is."""
        opened = self._open

        def call(handle: int, *values: object) -> int:
            file = opened[handle]
            return int(getattr(file.table, name)(file.inner, *values) or 0)

        return call


def _methods(layer: Watched, kind: type[Methods | SharedMethods]) -> Methods | SharedMethods:
    ours = {
        "close": layer.closes,
        "write": layer.writes,
        "truncate": layer.truncates,
        "sync": layer.syncs,
    }
    table = kind(version=1 if kind is Methods else 2)
    for name, shape in kind._fields_[1:]:
        setattr(table, name, shape(ours.get(name) or layer.passing(name)))
    return table


def _failing(journal: Journal) -> int:
    try:
        journal.about_to()
    except OSError as wrong:
        return wrong.errno or errno.EIO
    return 0


def _refused(journal: Journal) -> bool:
    return _failing(journal) != 0
