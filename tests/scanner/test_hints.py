"""What the viewfinder advises: each hint on drawn scenes with the grain of a real sensor, and none without a cause."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.core.events import ScanHint
from appliance.scanner.picture import Decoder
from appliance.scanner.stream import Stream
from tests.scanner.scenes import (
    LINK,
    Grey,
    blurred,
    empty,
    glaring,
    modules,
    noisy,
    paper,
    smeared,
)

CODE = modules(LINK * 3)


def grainy(grey: Grey) -> Grey:
    return noisy(grey, np.random.default_rng(3), 3.0)


def hint(decoder: Decoder, *frames: Grey) -> ScanHint:
    stream = Stream(decoder)
    return [stream.see(frame).hint for frame in frames][-1]


@pytest.mark.parametrize("side", [40, 60, 80, 110, 150])
def test_a_code_too_small_to_read_should_come_closer(side: int, decoder: Decoder) -> None:
    frame = grainy(blurred(paper(CODE, side=side), 1))
    assert hint(decoder, frame) is ScanHint.CLOSER


@pytest.mark.parametrize("side", [600, 900])
def test_a_code_beyond_the_edges_should_go_further(side: int, decoder: Decoder) -> None:
    whole = paper(modules(LINK), side=side, shape=(900, 900))
    assert hint(decoder, grainy(whole[210:690, 130:770])) is ScanHint.FURTHER


@pytest.mark.parametrize("sigma", [3, 4, 5])
def test_a_blurred_code_is_out_of_focus_also_with_grain(sigma: int, decoder: Decoder) -> None:
    blur = blurred(paper(CODE), sigma)
    assert hint(decoder, blur) is ScanHint.OUT_OF_FOCUS
    assert hint(decoder, grainy(blur)) is ScanHint.OUT_OF_FOCUS


@pytest.mark.parametrize("reach", [160, 220, 300])
def test_a_lamp_over_the_code_is_too_bright(reach: int, decoder: Decoder) -> None:
    assert hint(decoder, grainy(glaring(paper(CODE), reach))) is ScanHint.TOO_BRIGHT


@pytest.mark.parametrize("far", [20, 40, 80])
def test_a_small_code_that_wanders_should_hold_still(far: int, decoder: Decoder) -> None:
    frame = grainy(smeared(paper(CODE, side=200), 12))
    assert hint(decoder, frame, np.roll(frame, far, axis=1)) is ScanHint.HOLD_STILL
    assert hint(decoder, frame, frame) is not ScanHint.HOLD_STILL


@pytest.mark.parametrize("seed", range(4))
def test_a_desk_without_a_code_gives_no_advice(seed: int, decoder: Decoder) -> None:
    assert hint(decoder, empty(np.random.default_rng(seed))) is ScanHint.NONE
