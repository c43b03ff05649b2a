"""What a disk may hold after the power went: whatever was synced, and any fate of what was not.

The model is the one of ext4 with `data=ordered`, made harsher: changes of names survive in their order, as far as the
journal came; a name change is certain only after the folder itself was synced. Of data that was not synced, every
512-byte sector is kept, lost or filled with garbage by itself, and a change of length happened or not. A write never
spoils bytes beside it (SQLite's "powersafe overwrite", which its own defaults rely on).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from tests.crash.journal import DIRECTORY, Create, Op, Rename, Sync, Truncate, Unlink, Write

SECTOR = 512


class Fate(StrEnum):
    """What becomes of unsynced data: all of it there (the process died), none of it, or torn sector by sector."""

    KEPT = "kept"
    LOST = "lost"
    TORN = "torn"


@dataclass
class _File:
    content: bytearray
    pending: list[Write | Truncate] = field(default_factory=list)


def image(
    base: dict[str, bytes], ops: Sequence[Op], fate: Fate, chance: Random
) -> dict[str, bytes]:
    """The files by name after a cut that follows the last of these calls."""
    files = {number: _File(bytearray(base[name])) for number, name in enumerate(sorted(base))}
    names: list[Create | Rename | Unlink] = []
    certain = 0
    for op in ops:
        match op:
            case Create():
                files[op.file] = _File(bytearray())
                names.append(op)
            case Rename() | Unlink():
                names.append(op)
            case Write() | Truncate():
                files[op.file].pending.append(op)
            case Sync(file=file) if file == DIRECTORY:
                certain = len(names)
            case Sync():
                _settle(files[op.file])
    survived = {Fate.KEPT: len(names), Fate.LOST: certain}.get(
        fate, chance.randint(certain, len(names))
    )
    by_name = {name: number for number, name in enumerate(sorted(base))}
    for op in names[:survived]:
        _rename(by_name, op)
    return {name: _after(files[number], fate, chance) for name, number in by_name.items()}


def _settle(file: _File) -> None:
    for op in file.pending:
        _apply(file.content, op)
    file.pending.clear()


def _apply(content: bytearray, op: Write | Truncate) -> None:
    if isinstance(op, Truncate):
        del content[op.size :]
        content.extend(bytes(op.size - len(content)))
        return
    content.extend(bytes(max(0, op.at + len(op.content) - len(content))))
    content[op.at : op.at + len(op.content)] = op.content


def _rename(by_name: dict[str, int], op: Create | Rename | Unlink) -> None:
    match op:
        case Create():
            by_name[op.name] = op.file
        case Rename():
            by_name[op.target] = by_name.pop(op.source)
        case Unlink():
            by_name.pop(op.name, None)


def _after(file: _File, fate: Fate, chance: Random) -> bytes:
    if fate is Fate.KEPT:
        _settle(file)
    if fate is not Fate.TORN:
        return bytes(file.content)
    for op in file.pending:
        if isinstance(op, Write):
            _tear(file.content, op, chance)
        elif chance.random() < 0.5:
            _apply(file.content, op)
    return bytes(file.content)


def _tear(content: bytearray, op: Write, chance: Random) -> None:
    at, end = op.at, op.at + len(op.content)
    while at < end:
        stop = min(end, (at // SECTOR + 1) * SECTOR)
        draw = chance.random()
        if draw < 0.5:
            _apply(content, Write(op.file, at, op.content[at - op.at : stop - op.at]))
        elif draw < 0.6:
            _apply(content, Write(op.file, at, chance.randbytes(stop - at)))
        at = stop
