"""The device's configuration: `desk-token.toml`, and the profile it names from the folder beside it.

Read once, at the start of a process; what comes back is frozen. It must never hold a secret: every process may read it.
"""

from __future__ import annotations

from pathlib import Path

from appliance.core.settings import Settings, row
from appliance.wire.boards import Board
from appliance.wire.config_disk import first_board, glimpsed, names_board, read_config
from appliance.wire.config_file import Config, ConfigTrouble

__all__ = ["Config", "ConfigTrouble", "board_of", "boards", "load", "rescued"]


def load(path: Path, chosen: str = "") -> Config:
    """The configuration at `path`, over its own profile or a chosen one.

    Raises ConfigTrouble with a sentence that names the file, the line and the key.
    """
    return read_config(path, path.parent / "profiles", chosen)


def boards(path: Path) -> tuple[str, ...]:
    """The profiles that lie beside this configuration, by name."""
    return tuple(sorted(file.stem for file in (path.parent / "profiles").glob("*.toml")))


def board_of(path: Path) -> str:
    """The profile that this configuration names. Raises ConfigTrouble."""
    return names_board(path)


def rescued(path: Path, chosen: str = "") -> tuple[Board | None, str]:
    """Of a refused configuration: the board that was chosen or that it names, else the usual one; and the language."""
    names = [name for name in (chosen, glimpsed(path, "profile")) if name in boards(path)]
    language = glimpsed(path, "language")
    board = first_board(path.parent / "profiles", *names)
    return board, language if language in row("language").choices else Settings().language
