"""The device's configuration: `desk-token.toml`, and the profile it names from the folder beside it.

Read once, at the start of a process; what comes back is frozen. It must never hold a secret: every process may read it.
"""

from __future__ import annotations

from pathlib import Path

from appliance.wire.config_disk import names_board, read_config
from appliance.wire.config_file import Config, ConfigTrouble

__all__ = ["Config", "ConfigTrouble", "board_of", "boards", "load"]


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
