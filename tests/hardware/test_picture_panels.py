"""Large panels show the same picture in their middle, through luma's own drivers, and only what changed is sent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings

from appliance.authenticator.painter import Painter
from appliance.core.system_screens import STARTING
from appliance.hardware.glass import glass_on
from appliance.hardware.panel import OledPanel
from appliance.hardware.ports import Frame
from tests.hardware.frames import BLACK, pixels_of, sequences, with_box
from tests.hardware.picture_panels import PICTURE_MODELS, PicturePanel

DRIVERS = sorted(PICTURE_MODELS)
Box = tuple[int, int, int, int]


def panel_on(model: PicturePanel, driver: str) -> OledPanel:
    return OledPanel(lambda: glass_on(model, driver, 128, 128, 0), lambda: 0.0)


def centred(frame: Frame) -> np.ndarray:
    whole = np.zeros((128, 128), np.uint8)
    whole[32:96] = pixels_of(frame)
    return whole


@pytest.mark.parametrize("driver", DRIVERS)
@given(sequence=sequences)
@settings(max_examples=6, deadline=None)
def test_the_glass_shows_the_frame_in_its_middle(
    driver: str, sequence: Sequence[Sequence[Box]]
) -> None:
    model = PICTURE_MODELS[driver]()
    panel, frame = panel_on(model, driver), BLACK
    for boxes in sequence:
        for box in boxes:
            frame = with_box(frame, *box)
        panel.show(frame)
        assert np.array_equal(model.picture(), centred(frame))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_painter_of_its_size_fills_the_panel_alike(driver: str) -> None:
    large, small = PICTURE_MODELS[driver](), PICTURE_MODELS[driver]()
    panel_on(large, driver).show(Painter(128, 128).paint(STARTING, "nl"))
    panel_on(small, driver).show(Painter(128, 64).paint(STARTING, "nl"))
    assert large.picture().any()
    assert np.array_equal(large.picture(), small.picture())


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_equal_frame_sends_nothing_and_a_small_change_little(driver: str) -> None:
    model = PICTURE_MODELS[driver]()
    panel = panel_on(model, driver)
    panel.show(with_box(BLACK, 0, 0, 90, 40))
    sent = model.counted
    panel.show(with_box(BLACK, 0, 0, 90, 40))
    assert model.counted == sent
    panel.show(with_box(with_box(BLACK, 0, 0, 90, 40), 100, 10, 6, 8))
    assert 0 < model.counted - sent < 1000


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_closed_panel_is_dark(driver: str) -> None:
    model = PICTURE_MODELS[driver]()
    panel = panel_on(model, driver)
    panel.show(with_box(BLACK, 0, 0, 90, 40))
    panel.close()
    assert not model.picture().any()
