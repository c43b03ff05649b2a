"""Configuration and profiles from disk, for both ends: the device that runs on them, the technician who checks them.

It must never write, and never follows a profile name out of its folder.
"""

from __future__ import annotations

from pathlib import Path

from appliance.core.screen import text
from appliance.wire.boards import Board
from appliance.wire.config_file import (
    Config,
    ConfigTrouble,
    glimpse,
    no_profile,
    parse,
    parse_board,
    profile_name,
)

USUAL = "generic-ssd1306-i2c"


def read_board(path: Path) -> Board:
    """The board of one profile file. Raises ConfigTrouble naming the file, the line and the key."""
    return parse_board(_read(path), path.name)


def read_config(path: Path, profiles: Path, chosen: str = "") -> Config:
    """The configuration at `path`, over its profile (or a chosen one) from this folder. Raises ConfigTrouble."""
    untrusted_text = _read(path)
    profile = profiles / f"{chosen or profile_name(untrusted_text, path.name)}.toml"
    if not profile.is_file():
        known = ", ".join(sorted(found.stem for found in profiles.glob("*.toml")))
        raise no_profile(untrusted_text, path.name, known)
    return parse(untrusted_text, path.name, read_board(profile))


def names_board(path: Path) -> str:
    """The profile that this configuration names. Raises ConfigTrouble."""
    return profile_name(_read(path), path.name)


def glimpsed(path: Path, key: str) -> str:
    """What this key says in a file that is refused, as far as it can be read."""
    try:
        return glimpse(path.read_text(encoding="utf-8", errors="replace"), key)
    except OSError:
        return ""


def first_board(profiles: Path, *names: str) -> Board | None:
    """The board of the first of these profiles that can be used, the usual one at last; None without any."""
    paths = [profiles / f"{name}.toml" for name in (*names, USUAL)]
    return next(filter(None, map(_usable, paths)), None)


def _usable(path: Path) -> Board | None:
    try:
        return read_board(path)
    except ConfigTrouble:
        return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigTrouble(path.name, text("the file is not UTF-8 text")) from None
    except FileNotFoundError:
        raise ConfigTrouble(path.name, text("there is no such file")) from None
    except PermissionError:
        raise ConfigTrouble(path.name, text("the file is closed to this user")) from None
    except OSError:
        raise ConfigTrouble(path.name, text("the file cannot be read")) from None
