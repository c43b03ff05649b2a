"""Backup and restore: one file with the portal's keys and every record, whole or not at all.

It opens everything: it is made readable by its owner alone, and belongs in a safe. Older backups are restored at the
step at which they were made and then brought up to date. A folder that is being filled says so until it is whole.
"""

from __future__ import annotations

import errno
import io
import tarfile
import zlib
from contextlib import ExitStack
from pathlib import Path

import msgspec
from sqlalchemy import Connection, text

from appliance.core.errors import Refused
from web.login_portal.command_options import database_of
from web.login_portal.keys import MASTER, RESTORING, SIGNING, sync, write_whole
from web.login_portal.store import dump
from web.login_portal.store.database import Database, fresh_store
from web.login_portal.store.migrate import FIRST, revision

FORM, MANIFEST, KEYS = 1, "manifest.json", (SIGNING, MASTER)
LINKLESS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)
MADE = ("portal.*", "master.*", "database.*")


class Manifest(msgspec.Struct, frozen=True):
    """What a backup is: its form, when it was made (Unix seconds), the migration step and the newest cursor."""

    form: int
    made: float
    revision: str
    cursor: int
    tables: tuple[str, ...]


def save(path: Path, data: Path, database: Database, now: float) -> Manifest:
    """Write a backup. Raises Refused when the file exists: a backup is never overwritten."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        manifest = _write(draft, data, database, now)
        sync(draft)
        _name(draft, path)
    except FileExistsError as exists:
        raise Refused("This file exists already; a backup is never overwritten") from exists
    finally:  # half a backup on a full disk would keep it full, with every key in it
        draft.unlink(missing_ok=True)
    sync(path.absolute().parent)
    return manifest


def _name(draft: Path, path: Path) -> None:
    """Give it its name. Raises FileExistsError for one that is taken, also on a disk that knows no second names."""
    try:
        path.hardlink_to(draft)
    except OSError as trouble:
        if trouble.errno not in LINKLESS:
            raise
        if path.exists():
            raise FileExistsError from trouble
        draft.replace(path)


def _write(draft: Path, data: Path, database: Database, now: float) -> Manifest:
    with database.reading() as reading, tarfile.open(draft, "w:gz") as archive:
        manifest = _manifest(reading, now)
        _add(archive, MANIFEST, msgspec.json.encode(manifest))
        for name in KEYS:
            _add(archive, name, (data / name).read_bytes())
        for table in manifest.tables:
            _add(archive, f"records/{table}", b"".join(dump.rows_of(reading, table)))
    return manifest


def restore(path: Path, data: Path, address: str) -> Manifest:
    """Make a portal from a backup, in an empty folder and an empty store. Raises Refused and StorageTrouble.

    What is refused leaves nothing. What is cut off is no portal, and the next restore into that folder begins anew.
    """
    begun = data / RESTORING
    if not begun.exists() and any(True for name in MADE for _ in data.glob(name)):
        raise Refused("There is a portal here already; restore into an empty folder")
    manifest, content = _content(path)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun.touch(mode=0o600)
    sync(data)
    _clear(data)
    with ExitStack() as undone:
        undone.callback(begun.unlink)
        undone.callback(_clear, data)
        _fill(manifest, content, data, address)
        undone.pop_all()
    begun.unlink()
    sync(data)
    return manifest


def _clear(data: Path) -> None:
    for made in [made for name in MADE for made in data.glob(name)]:
        made.unlink()


def _fill(manifest: Manifest, content: dict[str, bytes], data: Path, address: str) -> None:
    """The records become visible last: in a store of many portals nothing stands without its keys."""
    with fresh_store(data, address, manifest.revision) as writing:
        for table in manifest.tables:
            dump.put(writing, table, content[f"records/{table}"].splitlines())
        dump.go_on_from(writing, list(manifest.tables), manifest.cursor)
        _close(writing, manifest.made)
        for name in KEYS:
            write_whole(data / name, content[name])
        database_of(data, address)


def _close(writing: Connection, made: float) -> None:
    """What was open then may have been answered since, and the browsers that waited are gone: it is over."""
    over = "UPDATE requests SET expires = :made WHERE outcome IS NULL AND expires > :made"
    writing.execute(text(over), {"made": made})


def _content(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """Everything in the file, read to its end before anything is done with it."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            content = {name: _read(archive, name) for name in archive.getnames()}
        manifest = msgspec.json.decode(content[MANIFEST], type=Manifest)
        wanted = {*KEYS, *(f"records/{table}" for table in manifest.tables)}
    except (tarfile.TarError, OSError, EOFError, KeyError, zlib.error, ValueError) as wrong:
        raise Refused("This is not a backup of a portal, or it is damaged") from wrong
    if manifest.form != FORM:
        raise Refused("A newer portal made this backup")
    if not wanted <= content.keys():
        raise Refused("This is not a backup of a portal, or it is damaged")
    return manifest, content


def _manifest(reading: Connection, now: float) -> Manifest:
    step, cursor = revision(reading) or FIRST, dump.newest_cursor(reading)
    return Manifest(FORM, now, step, cursor, tuple(dump.table_names(reading)))


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(content), 0o600
    archive.addfile(about, io.BytesIO(content))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    return b"" if found is None else found.read()
