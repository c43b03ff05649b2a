"""The 40 pins of a Pi's header and what a board's profile connects to each. Pure.

Source: Raspberry Pi documentation, GPIO and the 40-pin header; numbers of the profile are Broadcom's.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.wire.boards import Board

GPIO = {
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25, 23: 11,
    24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip
THREE_VOLTS, FIVE_VOLTS = (1, 17), (2, 4)
GROUNDS = (6, 9, 14, 20, 25, 30, 34, 39)
PIN_OF = {gpio: pin for pin, gpio in GPIO.items()}


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire: the header's pin (1 to 40), the part's own word for its end, and what it is."""

    pin: int
    end: str
    what: str


def wires(board: Board) -> tuple[Wire, ...]:
    """Every wire of this board, panel first, then keys, light and buzzer."""
    display = board.display
    made = [Wire(1, "VCC", "panel"), Wire(6, "GND", "panel")]
    if display.bus == "i2c":
        made += [Wire(3, "SDA", "panel"), Wire(5, "SCL", "panel")]
    if display.bus == "spi":
        select = 24 if display.spi_device == 0 else 26
        made += [Wire(23, "CLK", "panel"), Wire(19, "DIN", "panel"), Wire(select, "CS", "panel")]
    for end, gpio in (
        ("DC", display.data_command),
        ("RST", display.reset),
        ("BL", display.backlight),
    ):
        made += [Wire(PIN_OF[gpio], end, "panel")] if gpio is not None else []
    made += [Wire(PIN_OF[gpio], role, "key") for role, gpio in board.keys.pins().items()]
    made += [Wire(PIN_OF[board.led], "light", "light")] if board.led is not None else []
    made += [Wire(PIN_OF[board.buzzer], "buzzer", "buzzer")] if board.buzzer is not None else []
    return tuple(made)


def name_of(pin: int) -> str:
    """What the header says of this pin."""
    if pin in GPIO:
        return f"GPIO {GPIO[pin]}"
    if pin in THREE_VOLTS:
        return "3V3"
    return "5V" if pin in FIVE_VOLTS else "GND"
