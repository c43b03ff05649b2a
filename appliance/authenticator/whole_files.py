"""Small files, written whole or not at all, readable by this process's user only.

Draft in the same folder, mode 0600, flush, fsync, replace, fsync the folder: a power cut leaves the old file or the
new one. Never leaves a draft behind that a reader could take for the file.
"""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put this content there durably. Raises OSError."""
    draft = path.with_name(f".{path.name}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    settle(path.parent)


def destroy(path: Path) -> None:
    """Overwrite and remove, durably; harmless when it is gone. On flash the overwriting is best effort."""
    try:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink()
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make the folder's own changes durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
