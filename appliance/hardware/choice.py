"""Which form of the hardware this process gets: the real parts of a board, or the simulated ones of a bench.

The drivers are imported only when they are chosen: a bench needs no pins and a board needs no bench.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Panel, Parts
from appliance.hardware.profiles import Board, Display

SIMULATED = "simulated"


def choose(hardware: str, run: Path, board: Board | None = None, rotate: int = 0) -> Parts:
    """The parts of this hardware: `simulated` (world.sock in `run`), or a board with its panel turned by quarters.

    The panel opens at its first frame. Raises HardwareMissing when the pins are out of reach or no board is given.
    """
    if hardware == SIMULATED:
        from appliance.hardware.simulated.device import simulated_parts  # noqa: PLC0415 - see above

        return simulated_parts(run)
    if board is None:
        raise HardwareMissing("There is no board of this name")
    from appliance.hardware.real import real_parts  # noqa: PLC0415 - see above

    return real_parts(board, rotate)


def lone_panel(display: Display) -> Panel:
    """A panel and nothing besides, upright: for words that come before any key's pin may be touched."""
    from appliance.hardware.glass import open_glass  # noqa: PLC0415 - see above
    from appliance.hardware.panel import OledPanel  # noqa: PLC0415

    return OledPanel(lambda: open_glass(display, 0), time.monotonic)


def address_of(display: Display) -> int:
    """Where its panel answers on the I2C bus; its own address where none does, or there is no such bus."""
    from appliance.hardware.glass import panel_at  # noqa: PLC0415 - see above

    if display.bus != "i2c":
        return display.i2c_address
    with suppress(HardwareMissing):
        return panel_at(display) or display.i2c_address
    return display.i2c_address
