"""A portal whose power goes: its records on a watched disk, and the same portal on whatever that disk kept.

The disk is the crash laboratory's: only what was synced is certain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from sqlalchemy import event

from tests.crash.image import Fate, image
from tests.crash.journal import Journal
from tests.crash.sqlite_vfs import SharedMethods, Watched
from tests.web.login_portal.conftest import World
from web.login_portal.answers import Answers
from web.login_portal.sign_ins import SignIns
from web.login_portal.store.database import Database
from web.login_portal.store.sqlite import FILE, sqlite_engine

Connect = Callable[..., sqlite3.Connection]


@dataclass
class Stories:
    """Logins and answers on these records."""

    database: Database
    sign_ins: SignIns
    answers: Answers


def stories(world: World, database: Database) -> Stories:
    """The portal's own, on other records."""
    sign_ins = replace(world.portal.sign_ins, database=database)
    return Stories(database, sign_ins, Answers(sign_ins))


@dataclass
class Power:
    """A portal on the watched disk; `cut` says which files a power cut would leave at this very moment."""

    world: World
    stories: Stories
    journal: Journal

    def cut(self, fate: Fate, seed: int = 1) -> dict[str, bytes]:
        left = image(self.journal.base, self.journal.ops, fate, Random(seed))
        return {name: content for name, content in left.items() if not name.endswith("-shm")}


@contextmanager
def powered(
    world: World, folder: Path, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> Iterator[Power]:
    """The world's records, moved to a disk that is watched from now on."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE)) as copy:
        with closing(sqlite3.connect(world.portal.config.data / FILE)) as now:
            now.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    base = {FILE: (folder / FILE).read_bytes()}
    watched = Watched(f"power of {folder}", SharedMethods)
    watched.journals[str(folder)] = journal = Journal(folder, base)
    engine = sqlite_engine(folder)
    event.listen(engine, "do_connect", _through(watched, folder, kind))
    database = Database(engine)
    try:
        yield Power(world, stories(world, database), journal)
    finally:
        database.close()
        watched.close()


def _through(watched: Watched, folder: Path, kind: type[sqlite3.Connection]) -> Connect:
    """What makes the engine's connections, instead of the driver."""

    def connect(
        _dialect: object, _record: object, _words: object, more: dict[str, object]
    ) -> sqlite3.Connection:
        uri = f"file:{folder / FILE}?vfs={watched.name}"
        return sqlite3.connect(uri, uri=True, factory=kind, **more)  # type: ignore[call-overload, no-any-return]

    return connect
