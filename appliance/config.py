"""The device's configuration: `desk-token.toml`, and the profile it names from the folder beside it.

Read once, at the start of a process; what comes back is frozen. It must never hold a secret: every process may read it.
"""

from __future__ import annotations

from pathlib import Path

from appliance.wire.config_disk import read_config
from appliance.wire.config_file import Config, ConfigTrouble

__all__ = ["Config", "ConfigTrouble", "load"]


def load(path: Path) -> Config:
    """The configuration at `path`. Raises ConfigTrouble with a sentence that names the file, the line and the key."""
    return read_config(path, path.parent / "profiles")
