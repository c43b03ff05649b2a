"""The real parts of a board, put together. Imported only on a device: it brings the pin and panel drivers along."""

from __future__ import annotations

import time

from appliance.hardware.buttons import GpioButtons, OpenLines
from appliance.hardware.buzzer import open_buzzer
from appliance.hardware.glass import open_glass
from appliance.hardware.kernel_lines import KernelLines
from appliance.hardware.lamp import open_lamp
from appliance.hardware.panel import OledPanel
from appliance.hardware.ports import Parts
from appliance.hardware.profiles import Board
from appliance.hardware.system_clock import SystemClock


def real_parts(board: Board, rotate: int, lines: OpenLines = KernelLines) -> Parts:
    """The parts of this board. Raises HardwareMissing when its pins are out of reach; the panel opens later."""
    return Parts(
        panel=OledPanel(lambda: open_glass(board.display, rotate), time.monotonic),
        buttons=GpioButtons(board.keys.pins(), active_low=board.active_low, lines=lines),
        lamp=open_lamp(board.led),
        buzzer=open_buzzer(board.buzzer),
        clock=SystemClock(),
    )
