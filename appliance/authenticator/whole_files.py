"""Small files, written whole or not at all, readable by this process's user only.

Draft in the same folder, mode 0600, write, fsync, replace, fsync the folder: a power cut leaves the old file or the
new one. Never leaves a draft behind that a reader could take for the file.
"""

from __future__ import annotations

import os
from pathlib import Path

from appliance.authenticator.disk import Calls


def write(path: Path, content: bytes, calls: Calls = os) -> None:
    """Put this content there durably. Raises OSError."""
    draft = path.with_name(f".{path.name}.draft")
    _fill(calls, calls.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), content)
    calls.replace(draft, path)
    settle(path.parent, calls)


def destroy(path: Path, calls: Calls = os) -> None:
    """Overwrite and remove, durably; harmless when it is gone. On flash the overwriting is best effort."""
    try:
        size = path.stat().st_size
        _fill(calls, calls.open(path, os.O_WRONLY, 0o600), os.urandom(size))
    except FileNotFoundError:
        return
    calls.unlink(path)
    settle(path.parent, calls)


def settle(folder: Path, calls: Calls = os) -> None:
    """Make the folder's own changes durable."""
    handle = calls.open(folder, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        calls.fsync(handle)
    finally:
        calls.close(handle)


def _fill(calls: Calls, handle: int, content: bytes) -> None:
    try:
        while content:
            content = content[calls.write(handle, content) :]
        calls.fsync(handle)
    finally:
        calls.close(handle)
