"""The hardware profiles that this device can start with, and the one a technician chose instead of the configuration's.

The choice is one small file beside the records; it is tried before it is written, and a device that cannot use it any
more starts with its configuration. Never reads outside the folder of profiles.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from appliance import config
from appliance.authenticator import whole_files
from appliance.core.errors import Refused, StorageTrouble
from appliance.wire.config_file import Config, ConfigTrouble

FILE = "board"
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Boards:
    """Without a configuration file there is one board, the simulated one."""

    file: Path | None = None
    state: Path | None = None
    board: str = "simulated"

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return config.boards(self.file) if self.file else (self.board,)

    def keep(self, untrusted_name: str) -> None:
        """Start with this one from the next start on. Raises Refused, StorageTrouble."""
        if untrusted_name not in self.names():
            raise Refused("There is no such profile on this token")
        if self.file is None or self.state is None:
            return
        try:
            config.load(self.file, untrusted_name)
        except ConfigTrouble as trouble:
            raise Refused("That profile does not fit the configuration") from trouble
        try:
            whole_files.write(self.state / FILE, untrusted_name.encode())
        except OSError as full:
            raise StorageTrouble("The storage of this token does not answer") from full


def settled(file: Path) -> tuple[Config, str]:
    """The configuration to start with, over the board that was chosen, and that board's name. Raises ConfigTrouble."""
    usual = config.load(file)
    chosen = chosen_board(Path(usual.paths.state))
    if chosen in config.boards(file):
        try:
            return config.load(file, chosen), chosen
        except ConfigTrouble as trouble:
            log.error("chosen board not used: %s", trouble)
    return usual, config.board_of(file)


def chosen_board(state: Path) -> str:
    """The profile that a technician chose on this device, or nothing."""
    try:
        return (state / FILE).read_text(encoding="ascii")[:64]
    except (OSError, UnicodeDecodeError):
        return ""
