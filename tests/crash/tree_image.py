"""What a disk with folders and links may hold after the power went: the model of `image`, for a whole tree.

Changes of names survive in their order as far as the journal came; they are certain up to the last one in a folder
that was synced. Unsynced data is kept, lost or torn sector by sector.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.crash.image import Fate, _after, _File
from tests.crash.journal import Sync, Write
from tests.crash.tree_journal import (
    File,
    Folder,
    Link,
    Make,
    Move,
    Node,
    Op,
    Remove,
    SyncFolder,
    Tree,
)

Change = Make | Move | Remove


def tree_image(base: Tree, ops: Sequence[Op], fate: Fate, chance: Random) -> Tree:
    """The tree after a cut that follows the last of these calls."""
    files, names = _opened(base)
    changes: list[Change] = []
    certain = 0
    for op in ops:
        match op:
            case Make() | Move() | Remove():
                changes.append(op)
                if isinstance(op, Make) and isinstance(op.node, File):
                    files[op.node.number] = _File(bytearray())
            case SyncFolder():
                certain = max(certain, _last_in(op.path, changes))
            case Write():
                files[op.file].pending.append(op)
            case Sync():
                _settle(files[op.file])
    survived = {Fate.KEPT: len(changes), Fate.LOST: certain}.get(
        fate, chance.randint(certain, len(changes))
    )
    for change in changes[:survived]:
        _apply(names, change)
    return {
        name: _after(files[node.number], fate, chance) if isinstance(node, File) else node
        for name, node in names.items()
    }


def lay(folder: Path, tree: Tree) -> None:
    """Put this tree into an empty folder."""
    for name, node in sorted(tree.items()):
        path = folder / name
        match node:
            case Folder():
                path.mkdir()
            case Link():
                path.symlink_to(node.content)
            case _:
                path.write_bytes(node)


def seen(folder: Path) -> Tree:
    """The tree that lies in a folder."""
    return {str(path.relative_to(folder)): _node(path) for path in folder.rglob("*")}


def _node(path: Path) -> Folder | Link | bytes:
    if path.is_symlink():
        return Link(str(path.readlink()))
    return Folder() if path.is_dir() else path.read_bytes()


def _opened(base: Tree) -> tuple[dict[int, _File], dict[str, Node]]:
    files: dict[int, _File] = {}
    names: dict[str, Node] = {}
    for name, node in sorted(base.items()):
        if isinstance(node, bytes):
            names[name] = File(len(files))
            files[len(files)] = _File(bytearray(node))
        else:
            names[name] = node
    return files, names


def _last_in(folder: str, changes: Sequence[Change]) -> int:
    """How many of these changes are certain once this folder is synced."""
    for number in range(len(changes), 0, -1):
        change = changes[number - 1]
        paths = (change.source, change.target) if isinstance(change, Move) else (change.path,)
        if any(path.rpartition("/")[0] == folder for path in paths):
            return number
    return 0


def _apply(names: dict[str, Node], change: Change) -> None:
    match change:
        case Make():
            names[change.path] = change.node
        case Remove():
            names.pop(change.path, None)
        case Move():
            below = [name for name in names if (name + "/").startswith(change.source + "/")]
            for name in below:
                names[change.target + name.removeprefix(change.source)] = names.pop(name)


def _settle(file: _File) -> None:
    for op in file.pending:
        if isinstance(op, Write):
            file.content.extend(bytes(max(0, op.at + len(op.content) - len(file.content))))
            file.content[op.at : op.at + len(op.content)] = op.content
    file.pending.clear()
