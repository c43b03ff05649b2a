"""The boards and the configuration as a technician sees them: what there is, and what is wrong with a file.

It reads files and reports; it must never write one and never touches a pin.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from appliance.wire.boards import Board
from appliance.wire.config_disk import read_board, read_config
from appliance.wire.config_file import ConfigTrouble
from appliance.wording import spoken

_INSTALLED = Path("/etc/desk-token/profiles")
_CHECKOUT = Path(__file__).resolve().parent.parent / "config" / "profiles"


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: its board when it is good, else what is wrong, in the technician's language."""

    file: str
    board: Board | None = None
    trouble: str = ""


def usual_folder() -> Path:
    """Where the profiles lie: the installed ones, else those of this checkout."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def check_profiles(folder: Path, language: str) -> Iterator[Verdict]:
    """A verdict on every profile of the folder, by name."""
    for path in sorted(folder.glob("*.toml")):
        try:
            yield Verdict(str(path), board=read_board(path))
        except ConfigTrouble as trouble:
            yield Verdict(str(path), trouble=spoken(trouble.said, language))


def check_config(path: Path, folder: Path, language: str) -> Verdict:
    """A verdict on a configuration file, over the profile it names from the folder."""
    try:
        return Verdict(str(path), board=read_config(path, folder).board)
    except ConfigTrouble as trouble:
        return Verdict(str(path), trouble=spoken(trouble.said, language))
