"""Which slot is started, and the way back when the new one does not come up. The last thing that stands.

It is installed outside the slots as well and run by the system's own Python before the updater (`ExecStartPre=`), so
that a slot in which nothing works is left too: it imports nothing of ours and nothing that must be installed. It
counts the starts of a slot on trial before that slot has a say, and points `current` back when there were too many.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

SLOTS, CURRENT, PREVIOUS, TRIAL = "slots", "current", "previous", "trial.json"
MOST_STARTS = 3
PROGRAM = "bin/python"


class Calls(Protocol):
    """The part of the module `os` through which the folders change. All raise OSError."""

    def open(self, path: Path, flags: int, mode: int = ..., /) -> int: ...

    def write(self, handle: int, content: bytes, /) -> int: ...

    def fsync(self, handle: int, /) -> None: ...

    def close(self, handle: int, /) -> None: ...

    def replace(self, source: Path, target: Path, /) -> None: ...

    def unlink(self, path: Path, /) -> None: ...

    def mkdir(self, path: Path, mode: int = ..., /) -> None: ...

    def rmdir(self, path: Path, /) -> None: ...

    def symlink(self, content: str, path: Path, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """A new slot on trial, the one to go back to, and how often the new one has been started."""

    new: str
    old: str
    starts: int = 0


def read_trial(state: Path) -> Trial | None:
    """The trial that is on, if there is one. What cannot be read is no trial."""
    try:
        told = json.loads((state / TRIAL).read_text("utf-8"))
        return Trial(str(told["new"]), str(told["old"]), int(told["starts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_trial(state: Path, trial: Trial, calls: Calls = os) -> None:
    """Durable when it returns."""
    put(state / TRIAL, json.dumps(asdict(trial)).encode(), calls)


def end_trial(state: Path, calls: Calls = os) -> None:
    """No trial any more, durably."""
    with contextlib.suppress(FileNotFoundError):
        calls.unlink(state / TRIAL)
    settle(state, calls)


def pointed(root: Path, name: str) -> str:
    """The version that `current` or `previous` names; empty when there is none."""
    try:
        return (root / name).readlink().name
    except OSError:
        return ""


def point(root: Path, name: str, version: str, calls: Calls = os) -> None:
    """Let this name mean that slot from now on: a power cut leaves the old meaning or the new one."""
    draft = root / f".{name}.draft"
    with contextlib.suppress(FileNotFoundError):
        calls.unlink(draft)
    calls.symlink(f"{SLOTS}/{version}", draft)
    calls.replace(draft, root / name)
    settle(root, calls)


def put(path: Path, content: bytes, calls: Calls = os) -> None:
    """A small file, whole or not at all, durable when it returns."""
    draft = path.with_name(f".{path.name}.draft")
    handle = calls.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        while content:
            content = content[calls.write(handle, content) :]
        calls.fsync(handle)
    finally:
        calls.close(handle)
    calls.replace(draft, path)
    settle(path.parent, calls)


def settle(folder: Path, calls: Calls = os) -> None:
    """Make the folder's own names durable."""
    handle = calls.open(folder, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        calls.fsync(handle)
    finally:
        calls.close(handle)


def runs(root: Path, version: str) -> bool:
    """Whether there is such a slot with a program in it."""
    return bool(version) and (root / SLOTS / version / PROGRAM).exists()


def stand(root: Path, state: Path, calls: Calls = os) -> str:
    """Before a start: count it if the slot is on trial, go back if it had its chances. Gives the version to start."""
    trial, current = read_trial(state), pointed(root, CURRENT)
    if trial is not None and current == trial.new and trial.new != trial.old:
        if trial.starts < MOST_STARTS and runs(root, current):
            write_trial(state, Trial(trial.new, trial.old, trial.starts + 1), calls)
        else:
            point(root, CURRENT, trial.old, calls)
    elif not runs(root, current) and runs(root, pointed(root, PREVIOUS)):
        point(root, CURRENT, pointed(root, PREVIOUS), calls)
    return pointed(root, CURRENT)


def main() -> int:
    """`python3 -I guard.py ROOT STATE`: 0, or 1 when the disk does not let it."""
    root, state = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        sys.stdout.write(f"guard: slot {stand(root, state) or 'none'}\n")
    except OSError as trouble:
        sys.stderr.write(f"guard: {trouble.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
