"""A PostgreSQL server of the tests' own: Debian's, in a temporary folder, on a socket of its own, never as root.

The mark `both_stores` runs every test of a module on SQLite and on it; such a module is one group, so that few workers
start a server.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests.hardware.bodies import soon

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=150",
         "listen_addresses=", "shared_buffers=32MB")  # fmt: skip


@dataclass
class Postgres:
    """A server that can be stopped and started again; `fresh` makes an empty schema and says its address."""

    folder: Path
    programs: Path
    settings: tuple[str, ...] = QUICK
    process: subprocess.Popen[bytes] | None = None
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self) -> str:
        name = f"portal_{next(self.numbers)}"
        with self.connect() as line:
            line.execute(f"CREATE SCHEMA {name}")
        query = f"host={self.folder}&options=-csearch_path%3D{name}"
        return f"postgresql+psycopg://postgres@/postgres?{query}"

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(f"host={self.folder} user=postgres", autocommit=True)

    def start(self) -> None:
        words = [word for setting in self.settings for word in ("-c", setting)]
        command = (self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*map(str, command), *words], stdout=log, stderr=log, **_not_root()
            )
        soon(self._answers)

    def stop(self) -> None:
        """End every connection and stop, as an orderly restart of the machine does."""
        self._end(signal.SIGINT)

    def throw_away(self) -> None:
        """Stop without keeping anything."""
        self._end(signal.SIGQUIT)

    def _end(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(30)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_postgres(*settings: str) -> Iterator[Postgres]:
    """Make a cluster, run it with these settings on top, and throw it away."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="dt-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    words = ("-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    make = [str(programs / "initdb"), *map(str, words), "--locale=C.UTF-8"]
    try:
        subprocess.run(make, check=True, capture_output=True, **_not_root())
        server = Postgres(folder, programs, (*QUICK, *settings))
        server.start()
        yield server
        server.throw_away()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_root() -> dict[str, object]:
    """The server refuses to run as root; in a container where everybody is root, Debian's own user runs it."""
    if os.getuid() != 0:
        return {"cwd": "/"}
    return {"cwd": "/", "user": "postgres", "group": "postgres", "extra_groups": []}
