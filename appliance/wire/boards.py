"""What a board is: its panel, its bus, and which pin each role of key has. Boards are data, in config/profiles.

Pins are Broadcom numbers. This file knows the rules of a Pi's header, so that a wrong wiring is refused in words
before any pin is touched; it must never touch one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from appliance.core.screen import Text, text

Pin = Annotated[int, msgspec.Meta(ge=0, le=27)]

_RESERVED = {
    0: text("GPIO 0 belongs to the memory chip of add-on boards"),
    1: text("GPIO 1 belongs to the memory chip of add-on boards"),
    14: text("GPIO 14 is kept for the technician's serial line"),
    15: text("GPIO 15 is kept for the technician's serial line"),
}
_I2C = {2: text("the panel's I2C data line"), 3: text("the panel's I2C clock line")}
_SPI = {10: text("the panel's SPI data line"), 11: text("the panel's SPI clock line")}
_SPI_SELECT = text("the panel's SPI select line")
_SELECT = {0: 8, 1: 7}


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a file; a key that it does not list is an error."""


class Display(Table, frozen=True):
    """The panel: its controller, its size in pixels, and how it is wired. `spi_hz` is the bus clock in hertz."""

    driver: Literal["sh1106", "ssd1306", "ssd1309", "ssd1327", "ssd1351", "st7735", "simulated"]
    bus: Literal["i2c", "spi", "simulated"]
    width: Annotated[int, msgspec.Meta(ge=96, le=320)] = 128
    height: Annotated[int, msgspec.Meta(ge=64, le=320)] = 64
    i2c_port: Annotated[int, msgspec.Meta(ge=0, le=22)] = 1
    i2c_address: Annotated[int, msgspec.Meta(ge=3, le=119)] = 0x3C
    spi_port: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    spi_device: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    spi_hz: Annotated[int, msgspec.Meta(ge=100_000, le=32_000_000)] = 2_000_000
    data_command: Pin | None = None
    reset: Pin | None = None
    backlight: Pin | None = None


class Keys(Table, frozen=True):
    """The pin of each role; a board without that key leaves it out. `debounce_ms` is the contact's settling time."""

    ok: Pin | None = None
    back: Pin | None = None
    next: Pin | None = None
    up: Pin | None = None
    down: Pin | None = None
    left: Pin | None = None
    right: Pin | None = None
    debounce_ms: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20

    def pins(self) -> dict[str, int]:
        """Role to pin, for the roles this board has."""
        named = {role: getattr(self, role) for role in ROLES}
        return {role: pin for role, pin in named.items() if pin is not None}


ROLES = ("ok", "back", "next", "up", "down", "left", "right")


class Board(Table, frozen=True):
    """A board one can buy. Keys close to ground when `active_low`; `frames_per_second` is the panel's limit."""

    name: str
    display: Display
    keys: Keys
    led: Pin | None = None
    buzzer: Pin | None = None
    active_low: bool = True
    frames_per_second: Annotated[int, msgspec.Meta(ge=1, le=30)] = 10
    note: str = ""


def check_pins(board: Board) -> Iterator[tuple[tuple[str, ...], Text]]:
    """Each thing wrong with the wiring: the key, and why in a sentence."""
    if board.keys.ok is None:
        yield ("keys", "ok"), text("a board needs at least the key ok")
    if board.display.bus == "spi" and board.display.data_command is None:
        yield ("display", "data_command"), text("a panel on SPI needs its data/command pin")
    taken: dict[int, str | Text] = {**_bus_pins(board.display)}
    for path, pin in _wired(board):
        if pin in _RESERVED:
            yield path, _RESERVED[pin]
        elif pin in taken:
            yield (
                path,
                text("GPIO {pin} is used twice, also for {part}", pin=str(pin), part=taken[pin]),
            )
        taken[pin] = ".".join(path)


def _bus_pins(display: Display) -> dict[int, Text]:
    if display.bus == "i2c":
        return dict(_I2C)
    if display.bus == "spi":
        return {**_SPI, _SELECT[display.spi_device]: _SPI_SELECT}
    return {}


def _wired(board: Board) -> Iterator[tuple[tuple[str, ...], int]]:
    yield from ((("keys", role), pin) for role, pin in board.keys.pins().items())
    for key in ("data_command", "reset", "backlight"):
        pin = getattr(board.display, key)
        if pin is not None:
            yield ("display", key), pin
    if board.led is not None:
        yield ("led",), board.led
    if board.buzzer is not None:
        yield ("buzzer",), board.buzzer
