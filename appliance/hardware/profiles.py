"""What the hardware asks of a board: its panel's wiring and the pin of each role of key.

The boards one can buy are files in `config/profiles`; whoever starts the process has read and checked one
(`appliance.config`) and hands it in. These are only the shapes, so that no file is read twice by two rules.
"""

from __future__ import annotations

from typing import Protocol


class Display(Protocol):
    """The panel and its wiring. Pins are Broadcom numbers, `spi_hz` is the bus clock in hertz."""

    @property
    def driver(self) -> str: ...
    @property
    def bus(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def i2c_port(self) -> int: ...
    @property
    def i2c_address(self) -> int: ...
    @property
    def spi_port(self) -> int: ...
    @property
    def spi_device(self) -> int: ...
    @property
    def spi_hz(self) -> int: ...
    @property
    def data_command(self) -> int | None: ...
    @property
    def reset(self) -> int | None: ...


class Keys(Protocol):
    """The keys: role to pin, for the roles that the board has."""

    def pins(self) -> dict[str, int]: ...


class Board(Protocol):
    """A whole board. Keys close to ground when `active_low`."""

    @property
    def display(self) -> Display: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def led(self) -> int | None: ...
    @property
    def buzzer(self) -> int | None: ...
    @property
    def active_low(self) -> bool: ...
