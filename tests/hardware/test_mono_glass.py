"""What the glass shows is what was painted, whatever came before, and only what changed was sent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import luma.oled.device
import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from appliance.hardware.glass import glass_on
from appliance.hardware.mono_glass import Run, pack, runs
from appliance.hardware.panel import WHOLE_EVERY, OledPanel
from tests.hardware.frames import BLACK, frame_of, pixels_of, sequences, with_box
from tests.hardware.glass import MODELS, Controller, Sh1106, Ssd1306

DRIVERS = sorted(MODELS)
Box = tuple[int, int, int, int]


def panel_on(model: Controller, driver: str, rotate: int = 0) -> OledPanel:
    return OledPanel(lambda: glass_on(model, driver, 128, 64, rotate), lambda: 0.0)


@pytest.mark.parametrize("driver", DRIVERS)
@given(sequence=sequences)
@settings(max_examples=40, deadline=None)
def test_the_glass_shows_the_frame_after_any_sequence(
    driver: str, sequence: Sequence[Sequence[Box]]
) -> None:
    model = MODELS[driver]()
    panel, frame = panel_on(model, driver), BLACK
    for boxes in sequence:
        for box in boxes:
            frame = with_box(frame, *box)
        panel.show(frame)
        assert np.array_equal(model.picture(), pixels_of(frame))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_panel_that_hangs_upside_down_shows_the_frame_turned(driver: str) -> None:
    model = MODELS[driver]()
    frame = with_box(BLACK, 3, 5, 40, 9)
    panel_on(model, driver, rotate=2).show(frame)
    assert np.array_equal(model.picture()[::-1, ::-1], pixels_of(frame))


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_equal_frame_sends_nothing(driver: str) -> None:
    model = MODELS[driver]()
    panel = panel_on(model, driver)
    panel.show(with_box(BLACK, 0, 0, 10, 10))
    sent = model.counted
    panel.show(with_box(BLACK, 0, 0, 10, 10))
    assert model.counted == sent


def test_the_wrong_driver_is_seen_on_the_glass() -> None:
    model = Sh1106()
    frame = with_box(BLACK, 10, 10, 30, 30)
    panel_on(model, "ssd1306").show(frame)
    assert not np.array_equal(model.picture(), pixels_of(frame))


@pytest.mark.parametrize("driver", ["ssd1306", "sh1106"])
def test_one_changed_digit_costs_a_twentieth_of_a_whole_frame(driver: str) -> None:
    model = MODELS[driver]()
    panel = panel_on(model, driver)
    panel.show(BLACK)
    before = model.counted
    panel.show(with_box(BLACK, 100, 57, 6, 7))
    ours = model.counted - before

    theirs = MODELS[driver]()
    device = getattr(luma.oled.device, driver)(theirs)
    before = theirs.counted
    device.display(Image.new("1", (128, 64)))
    assert 0 < ours * 20 <= theirs.counted - before


def test_the_whole_glass_is_painted_again_every_five_minutes() -> None:
    model, times = Ssd1306(), count(0.0, WHOLE_EVERY / 2)
    panel = OledPanel(lambda: glass_on(model, "ssd1306", 128, 64, 0), lambda: next(times))
    frame = with_box(BLACK, 7, 7, 70, 20)
    panel.show(frame)
    model.memory[3, 60] ^= 0xFF
    panel.show(frame)
    assert not np.array_equal(model.picture(), pixels_of(frame))
    panel.show(frame)
    assert np.array_equal(model.picture(), pixels_of(frame))


def test_packing_puts_the_top_pixel_of_a_page_in_the_lowest_bit() -> None:
    pixels = np.zeros((64, 128), np.uint8)
    pixels[8, 5] = pixels[15, 6] = 1
    pages = pack(frame_of(pixels))
    assert (pages[1, 5], pages[1, 6], int(pages.sum())) == (1, 128, 129)


def test_changes_far_apart_are_two_runs_and_near_ones_are_one() -> None:
    before = np.zeros((8, 128), np.uint8)
    after = before.copy()
    after[2, [4, 9, 60]] = 1
    assert list(runs(before, after, gap=4)) == [Run(2, 4, 10), Run(2, 60, 61)]
