"""A real panel that is missing, falls out or comes back is only ever `HardwareMissing` to the loop."""

from __future__ import annotations

import errno
from dataclasses import replace

import luma.core.error
import numpy as np
import pytest

from appliance.core.errors import HardwareMissing
from appliance.hardware.glass import glass_on, open_glass
from appliance.hardware.panel import OledPanel
from appliance.wire.boards import Display
from tests.hardware.frames import BLACK, pixels_of, with_box
from tests.hardware.glass import Ssd1306

FRAME = with_box(BLACK, 20, 20, 50, 12)


class LooseWire(Ssd1306):
    """A panel whose wire can be out; putting it back gives a panel that forgot everything."""

    out = False
    closed = 0

    def command(self, *words: int) -> None:
        self._carry()
        super().command(*words)

    def data(self, data: list[int]) -> None:
        self._carry()
        super().data(data)

    def cleanup(self) -> None:
        self.closed += 1

    def _carry(self) -> None:
        if self.out:
            raise OSError(errno.ETIMEDOUT, "no answer")


def panel_on(model: Ssd1306) -> OledPanel:
    return OledPanel(lambda: glass_on(model, "ssd1306", 128, 64, 0), lambda: 0.0)


def test_a_panel_that_was_never_there_is_missing() -> None:
    nowhere = Display(driver="ssd1306", bus="i2c", i2c_port=22)
    panel = OledPanel(lambda: open_glass(nowhere, 0), lambda: 0.0)
    with pytest.raises(HardwareMissing):
        panel.show(FRAME)


def test_a_board_without_the_bus_says_so() -> None:
    nowhere = Display(driver="ssd1306", bus="i2c", i2c_port=22)
    with pytest.raises(HardwareMissing, match="There is no I2C bus"):
        open_glass(nowhere, 0)


class OneAddress(Ssd1306):
    """A bus on which a panel answers at one address; `asked` is the one we speak to."""

    def __init__(self, asked: int, there: int) -> None:
        super().__init__()
        self._answers = asked == there

    def command(self, *words: int) -> None:
        if not self._answers:
            raise luma.core.error.DeviceNotFoundError("no answer")
        super().command(*words)


def opened_at(address: int, there: int) -> None:
    open_glass(
        Display(driver="ssd1306", bus="i2c", i2c_address=address),
        0,
        lambda _port, asked: OneAddress(asked, there),
    )


def test_a_panel_at_the_other_address_is_said_to_be_there_and_is_not_used() -> None:
    opened_at(0x3D, there=0x3D)
    with pytest.raises(HardwareMissing, match="other I2C address"):
        opened_at(0x3C, there=0x3D)
    with pytest.raises(HardwareMissing, match="other I2C address"):
        opened_at(0x3D, there=0x3C)


def test_a_bus_on_which_nobody_answers_is_not_called_a_wrong_address() -> None:
    with pytest.raises(luma.core.error.DeviceNotFoundError):
        opened_at(0x3C, there=0x27)


def test_a_panel_without_a_driver_is_missing() -> None:
    lcd = Display(driver="st7735", bus="spi", data_command=25)
    panel = OledPanel(lambda: open_glass(lcd, 0), lambda: 0.0)
    with pytest.raises(HardwareMissing):
        panel.show(FRAME)


def test_a_panel_that_falls_out_is_missing_and_its_bus_is_given_back() -> None:
    model = LooseWire()
    panel = panel_on(model)
    panel.show(BLACK)
    model.out = True
    with pytest.raises(HardwareMissing):
        panel.show(FRAME)
    assert model.closed == 1


def test_a_panel_that_comes_back_is_painted_whole() -> None:
    model = LooseWire()
    panel = panel_on(model)
    panel.show(FRAME)
    model.out = True
    with pytest.raises(HardwareMissing):
        panel.show(BLACK)
    model.out = False
    model.memory[:] = 0xA5
    panel.show(FRAME)
    assert np.array_equal(model.picture(), pixels_of(FRAME))


def test_a_dark_frame_puts_the_glass_to_sleep_and_a_lit_one_wakes_it() -> None:
    model = Ssd1306()
    panel = panel_on(model)
    panel.show(FRAME)
    panel.show(replace(FRAME, lit=False))
    assert not model.picture().any()
    panel.show(FRAME)
    assert np.array_equal(model.picture(), pixels_of(FRAME))


def test_the_contrast_of_the_frame_reaches_the_controller() -> None:
    model = Ssd1306()
    panel = panel_on(model)
    panel.show(replace(FRAME, contrast=96))
    panel.show(replace(FRAME, contrast=17))
    assert model.contrast == 17


def test_closing_leaves_no_code_lit() -> None:
    model = Ssd1306()
    panel = panel_on(model)
    panel.show(FRAME)
    panel.close()
    assert not model.picture().any()


def test_closing_a_panel_that_is_gone_is_harmless() -> None:
    model = LooseWire()
    panel = panel_on(model)
    panel.show(FRAME)
    model.out = True
    panel.close()
    assert model.closed == 1
