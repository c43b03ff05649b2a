"""Whatever happens to a panel — pictures, darkness, a loose wire, minutes — the glass shows the last frame it took."""

from __future__ import annotations

import contextlib
import errno
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.errors import HardwareMissing
from appliance.hardware.glass import glass_on
from appliance.hardware.panel import WHOLE_EVERY, OledPanel
from appliance.hardware.ports import Frame
from tests.hardware.frames import BLACK, boxes, pixels_of, with_box
from tests.hardware.glass import MODELS, Controller

DRIVERS = sorted(MODELS)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("box"), boxes),
        st.tuples(st.just("light"), st.booleans()),
        st.tuples(st.just("contrast"), st.integers(1, 255)),
        st.tuples(st.just("loose after"), st.integers(0, 30)),
        st.tuples(st.just("new panel"), st.integers(0, 255)),
        st.tuples(st.just("a bit flips"), st.integers(0, 1023)),
        st.tuples(st.just("minutes"), st.integers(1, 12)),
    ),
    max_size=20,
)


class Wire:
    """A bus to a panel that may come loose after so many more writes, in the middle of a picture too."""

    def __init__(self, driver: str) -> None:
        self._driver = driver
        self.model: Controller = MODELS[driver]()
        self.left = -1

    def command(self, *words: int) -> None:
        self._carry()
        self.model.command(*words)

    def data(self, data: list[int]) -> None:
        self._carry()
        self.model.data(data)

    def cleanup(self) -> None:
        return

    def plug(self, memory: int) -> None:
        """Another panel of the kind, with this in its memory."""
        self.model = MODELS[self._driver]()
        self.model.memory[:] = memory
        self.left = -1

    def _carry(self) -> None:
        if self.left == 0:
            raise OSError(errno.EREMOTEIO, "no answer")
        self.left -= self.left > 0


def seen(frame: Frame) -> np.ndarray:
    return pixels_of(frame) if frame.lit else np.zeros((64, 128), np.uint8)


def changed(frame: Frame, what: str, value: object) -> Frame:
    """The next frame."""
    match what, value:
        case "box", (int(left), int(top), int(width), int(height)):
            return with_box(frame, left, top, width, height)
        case "light", bool(lit):
            return replace(frame, lit=lit)
        case "contrast", int(level):
            return replace(frame, contrast=level)
        case "new panel", _:
            return replace(frame, lit=True)
    return frame


def swap(wire: Wire, panel: OledPanel, frame: Frame, memory: int) -> None:
    """Pull the panel while it is written to, and put another one in its place."""
    wire.left = -1
    panel.show(frame)
    wire.left = 0
    with contextlib.suppress(HardwareMissing):
        panel.show(with_box(frame, 0, 0, 128, 64))
    wire.plug(memory)


def disturbed(wire: Wire, at: list[float], what: str, value: object, *, spoilt: bool) -> bool:
    """What happens to the panel behind the driver's back; whether the glass may be wrong for a while."""
    match what, value:
        case "loose after", int(writes):
            wire.left = writes
        case "a bit flips", int(place):
            wire.model.memory[place // 128, place % 128] ^= 0x10
            return True
        case "minutes", int(count):
            at[0] += count * 60.0
            return spoilt and count * 60.0 < WHOLE_EVERY
    return spoilt


@pytest.mark.parametrize("driver", DRIVERS)
@given(life=happenings)
@settings(max_examples=120, deadline=None)
def test_the_glass_shows_the_last_frame_it_took(
    driver: str, life: list[tuple[str, object]]
) -> None:
    wire, at, frame, spoilt = Wire(driver), [0.0], BLACK, False
    panel = OledPanel(lambda: glass_on(wire, driver, 128, 64, 0), lambda: at[0])
    for what, value in life:
        frame = changed(frame, what, value)
        if what == "new panel" and isinstance(value, int):
            swap(wire, panel, frame, value)
            spoilt = False
        spoilt = disturbed(wire, at, what, value, spoilt=spoilt)
        try:
            panel.show(frame)
        except HardwareMissing:
            wire.left = -1
            panel.show(frame)
            spoilt = False
        if not spoilt:
            assert np.array_equal(wire.model.picture(), seen(frame))
            assert wire.model.contrast == frame.contrast


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_bit_that_flips_on_the_glass_is_gone_within_five_minutes(driver: str) -> None:
    wire, at = Wire(driver), [0.0]
    panel = OledPanel(lambda: glass_on(wire, driver, 128, 64, 0), lambda: at[0])
    panel.show(BLACK)
    wire.model.memory[2, 60] ^= 0xFF
    at[0] = WHOLE_EVERY
    panel.show(BLACK)
    assert np.array_equal(wire.model.picture(), seen(BLACK))
