"""Says on the panel that the configuration is refused: where, and what is wrong there.

The refused file may be wrong about the panel itself, so nothing of it is believed but the name of its board; a panel
at the other I2C address is found. It touches no key's pin, and the words stay when the process has gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from appliance.authenticator.boards import chosen_board
from appliance.authenticator.painter import Painter
from appliance.config import ConfigTrouble, rescued
from appliance.core.errors import HardwareMissing
from appliance.core.system_screens import not_started
from appliance.hardware import address_of, lone_panel
from appliance.hardware.ports import Panel
from appliance.wire.boards import Display
from appliance.wire.config_file import Paths

log = logging.getLogger("authenticator")


def tell(
    trouble: ConfigTrouble, file: Path, open_panel: Callable[[Display], Panel] | None = None
) -> None:
    """Put it on the panel, if one can be opened; without one the log has said it."""
    board, language = rescued(file, chosen_board(Path(Paths().state)))
    if board is None:
        return
    screen = not_started(trouble.place, trouble.key, trouble.why)
    frame = Painter(board.display.width, board.display.height).paint(screen, language)
    try:
        (open_panel or _panel_of)(board.display).show(frame)
    except HardwareMissing as missing:
        log.info("not said on the panel: %s", missing)


def _panel_of(display: Display) -> Panel:
    return lone_panel(replace(display, i2c_address=address_of(display)))
