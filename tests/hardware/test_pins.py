"""The parts that sit on pins: edges as they come, a panel on SPI without RPi.GPIO, boards without a part."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gpiozero.pins.mock import MockFactory
from luma.core.interface.serial import i2c, spi

from appliance.core.effects import Light, Sound
from appliance.core.errors import HardwareMissing
from appliance.hardware.buttons import GpioButtons
from appliance.hardware.buzzer import open_buzzer
from appliance.hardware.glass import PinnedBus, glass_on
from appliance.hardware.kernel_lines import header
from appliance.hardware.lamp import open_lamp
from appliance.hardware.panel import OledPanel
from appliance.hardware.pins import LumaPins
from appliance.hardware.ports import Edge
from tests.hardware.bodies import soon
from tests.hardware.chip import Chip
from tests.hardware.frames import BLACK, pixels_of, with_box
from tests.hardware.glass import Controller, Sh1106, Ssd1306

FRAME = with_box(BLACK, 9, 9, 90, 40)
DATA_COMMAND, RESET = 24, 25


class SpiWires:
    """What spidev does: bytes go to the controller, which looks at its data/command pin."""

    def __init__(self, model: Controller, pins: MockFactory) -> None:
        self._model, self._pins = model, pins
        self.max_speed_hz = 0
        self.closed = False

    def open(self, port: int, device: int) -> None:
        assert (port, device) == (0, 0)

    def writebytes(self, data: list[int]) -> None:
        if self._pins.pin(DATA_COMMAND).state:
            self._model.data(data)
        else:
            self._model.command(*data)

    def close(self) -> None:
        self.closed = True


class SmBus:
    """What an I2C bus does: a first byte that says whether commands or data follow."""

    def __init__(self, model: Controller) -> None:
        self._model = model

    def write_i2c_block_data(self, address: int, register: int, data: list[int]) -> None:
        assert address == 0x3C
        if register:
            self._model.data(data)
        else:
            self._model.command(*data)


def test_every_bounce_of_a_contact_is_reported_with_the_moment_of_its_interrupt() -> None:
    chip = Chip(iter(range(100)).__next__)
    edges: list[Edge] = []
    buttons = GpioButtons({"ok": 17}, active_low=True, lines=chip.lines)
    for _ in range(5):  # nobody reads yet
        chip.drive_low(17)
        chip.drive_high(17)
    buttons.listen(edges.append)
    assert soon(lambda: len(edges) == 10)
    buttons.close()
    assert [edge.down for edge in edges] == [True, False] * 5
    assert [edge.at for edge in edges] == list(range(10))


def test_a_key_to_the_supply_is_pressed_when_it_is_high(chip: Chip) -> None:
    edges: list[Edge] = []
    buttons = GpioButtons({"ok": 17}, active_low=False, lines=chip.lines)
    buttons.listen(edges.append)
    chip.drive_high(17)
    assert soon(lambda: bool(edges))
    buttons.close()
    assert [edge.down for edge in edges] == [True]


def test_a_pin_that_is_taken_is_missing_hardware_and_leaves_no_pin_behind(chip: Chip) -> None:
    taken = chip.lines((17,), True)
    with pytest.raises(HardwareMissing):
        GpioButtons({"back": 21, "ok": 17}, active_low=True, lines=chip.lines)
    taken.release()
    GpioButtons({"back": 21, "ok": 17}, active_low=True, lines=chip.lines).close()
    assert not chip.taken


def test_keys_whose_chip_has_gone_are_not_alive(chip: Chip) -> None:
    buttons = GpioButtons({"ok": 17}, active_low=True, lines=chip.lines)
    buttons.listen(lambda _: None)
    assert buttons.alive()
    chip.taken[17].leaves()
    assert soon(lambda: not buttons.alive())
    buttons.close()


def test_a_machine_without_a_chip_of_pins_has_no_keys(tmp_path: Path) -> None:
    (tmp_path / "no-chip").touch()
    for places in ((), (tmp_path / "absent",), (tmp_path / "no-chip",)):
        with pytest.raises(OSError, match=r"no chip|Inappropriate"):
            header(places)


def test_a_board_without_light_and_buzzer_is_quiet() -> None:
    open_lamp(None).blink(Light.WAITING)
    open_buzzer(None).say(Sound.DONE)


def test_a_panel_on_spi_is_driven_through_our_own_pins_and_gives_them_back(
    pins: MockFactory,
) -> None:
    model, ours = Sh1106(), LumaPins()
    wires = SpiWires(model, pins)
    bus = PinnedBus(
        spi(spi=wires, gpio=ours, gpio_DC=DATA_COMMAND, gpio_RST=RESET, bus_speed_hz=2_000_000),
        ours,
    )
    panel = OledPanel(lambda: glass_on(bus, "sh1106", 128, 64, 0), lambda: 0.0)
    panel.show(FRAME)
    assert np.array_equal(model.picture(), pixels_of(FRAME))
    assert pins.pin(RESET).state
    panel.close()
    assert wires.closed
    again = LumaPins()
    again.setup(DATA_COMMAND, again.OUT)
    again.cleanup()


def test_a_panel_on_i2c_is_driven_through_luma() -> None:
    model = Ssd1306()
    bus = i2c(bus=SmBus(model), address=0x3C)
    panel = OledPanel(lambda: glass_on(bus, "ssd1306", 128, 64, 0), lambda: 0.0)
    panel.show(FRAME)
    assert np.array_equal(model.picture(), pixels_of(FRAME))
