"""Opens the panel of a board: the bus by luma, the controller by luma's driver, the pins by gpiozero.

The bus is probed before a driver is made, because luma's drivers cannot be unmade. RPi.GPIO is never needed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import luma.core.error
import luma.oled.device
from luma.core.interface.serial import i2c, spi

from appliance.core.errors import HardwareMissing
from appliance.hardware.mono_glass import SH1106, SSD1306, Bus, MonoGlass
from appliance.hardware.panel import Glass
from appliance.hardware.picture_glass import PictureGlass
from appliance.hardware.pins import LumaPins
from appliance.hardware.profiles import Display

_NOTHING = 0xE3
_ADDRESSES = (0x3C, 0x3D)
_SPI_CLOCKS = (500_000, *(mhz * 1_000_000 for mhz in (1, 2, 4, 8, 16, 20, 24, 28, 32)))
_MONO = {"ssd1306": SSD1306, "ssd1309": SSD1306, "sh1106": SH1106}
_PICTURE = ("ssd1327", "ssd1351")


def i2c_bus(port: int, address: int) -> Bus:
    """The board's I2C bus of this number, for one address on it. Raises HardwareMissing when there is none."""
    try:
        bus: Bus = i2c(port=port, address=address)
    except luma.core.error.DeviceNotFoundError as absent:
        raise HardwareMissing("There is no I2C bus; is it switched on?") from absent
    return bus


def open_glass(display: Display, rotate: int, bus_of: Callable[[int, int], Bus] = i2c_bus) -> Glass:
    """The panel, set up and dark. Raises luma's errors, OSError, or HardwareMissing where we know what is wrong."""
    if display.driver not in (*_MONO, *_PICTURE):
        raise HardwareMissing("There is no driver for this panel")
    with ExitStack() as undo:
        bus = _i2c(display, bus_of) if display.bus == "i2c" else _spi(display)
        undo.callback(bus.cleanup)
        glass = glass_on(bus, display.driver, display.width, display.height, rotate)
        undo.pop_all()
    return glass


def glass_on(bus: Bus, driver: str, width: int, height: int, rotate: int) -> Glass:
    """The panel on this bus: anything with luma's `command`, `data` and `cleanup`."""
    make = getattr(luma.oled.device, driver)
    if driver in _PICTURE:
        picture = make(bus, width=width, height=height, rotate=rotate)
        # what is left on the panel at the end is ours to say, see `OledPanel.close`
        picture.persist = True
        return PictureGlass(picture, bus)
    if rotate % 2:
        raise HardwareMissing("This panel cannot stand upright")
    device = make(bus, width=width, height=height)
    device.persist = True
    return MonoGlass(device, _MONO[driver], bus, upside_down=rotate == 2)


def panel_at(display: Display, bus_of: Callable[[int, int], Bus] = i2c_bus) -> int | None:
    """The I2C address at which a panel answers, its own first; None when none does. Raises HardwareMissing."""
    addresses = (display.i2c_address, *sorted(_others(display)))
    answers = (at for at in addresses if _answers(bus_of(display.i2c_port, at)))
    return next(answers, None)


def _i2c(display: Display, bus_of: Callable[[int, int], Bus]) -> Bus:
    """The bus, with a panel that answers at its address. One at the other address is said, not used."""
    bus = bus_of(display.i2c_port, display.i2c_address)
    with ExitStack() as undo:
        undo.callback(bus.cleanup)
        try:
            bus.command(_NOTHING)
        except luma.core.error.DeviceNotFoundError as silent:
            if any(_answers(bus_of(display.i2c_port, other)) for other in _others(display)):
                raise HardwareMissing("A panel answers at the other I2C address") from silent
            raise
        undo.pop_all()
    return bus


def _others(display: Display) -> set[int]:
    """A strap on the panel's back chooses between two addresses."""
    return {*_ADDRESSES} - {display.i2c_address}


def _answers(bus: Bus) -> bool:
    try:
        bus.command(_NOTHING)
    except (luma.core.error.Error, OSError):
        return False
    finally:
        bus.cleanup()
    return True


def _spi(display: Display) -> Bus:
    pins = LumaPins()
    hz = max(clock for clock in _SPI_CLOCKS if clock <= max(display.spi_hz, _SPI_CLOCKS[0]))
    with ExitStack() as undo:
        undo.callback(pins.cleanup)
        bus = spi(
            gpio=pins,
            port=display.spi_port,
            device=display.spi_device,
            bus_speed_hz=hz,
            gpio_DC=display.data_command,
            gpio_RST=display.reset,
        )
        undo.pop_all()
    return PinnedBus(bus, pins)


class PinnedBus:
    """luma's SPI with our pins, which go back when it is closed."""

    def __init__(self, bus: Bus, pins: LumaPins) -> None:
        self._bus = bus
        self._pins = pins

    def command(self, *words: int) -> None:
        """Send command bytes."""
        self._bus.command(*words)

    def data(self, data: list[int]) -> None:
        """Send data bytes."""
        self._bus.data(data)

    def cleanup(self) -> None:
        """Close the bus and give the pins back."""
        self._bus.cleanup()
        self._pins.cleanup()
