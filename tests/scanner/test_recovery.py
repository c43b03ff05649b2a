"""Codes that were found and not read: bent paper and lost modules are made good, and luck is refused."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.scanner.picture import Decoder
from appliance.scanner.reading import Suspect
from appliance.scanner.recovery import Soft, added, corrected, sight
from appliance.scanner.symbol import blocks, format_places, format_word, plan
from tests.scanner.scenes import LINK, LONG, bent, empty, modules, paper

VERSION = (len(modules(LONG)) - 17) // 4
SIDE = 330


def square(version: int, by: float = 0.0, up: float = 0.0) -> Suspect:
    """Where `paper` puts the symbol, wrong by so many pixels, or raised by some."""
    side = 17 + 4 * version
    edge = 3 * SIDE / (side + 6)
    left, top = 155 + edge + by, 75 + edge - by - up
    right, bottom = left + SIDE - 2 * edge, top + SIDE - 2 * edge
    return Suspect(version, ((left, top), (right, top), (right, bottom), (left, bottom)))


def noisy_modules(text: str, amount: float, seed: int) -> Soft:
    dark = np.where(modules(text), 1.0, -1.0)
    seen = dark + np.random.default_rng(seed).normal(0, amount, dark.shape)
    return Soft((len(dark) - 17) // 4, seen.astype(np.float32), 1.0)


@pytest.mark.parametrize("depth", [0, 8, 16, 24])
def test_the_grid_follows_bent_paper(depth: int, decoder: Decoder) -> None:
    reading = decoder.recover(bent(paper(modules(LONG)), depth), square(VERSION, up=depth / 2), "")
    assert reading is not None
    assert reading.text == LONG


@pytest.mark.parametrize("by", [-4.0, -2.0, 2.0, 4.0])
def test_a_place_that_is_a_little_wrong_is_put_right(by: float, decoder: Decoder) -> None:
    reading = decoder.recover(paper(modules(LONG)), square(VERSION, by), "")
    assert reading is not None
    assert reading.text == LONG


@pytest.mark.parametrize("seed", range(4))
def test_where_there_is_no_code_there_is_no_reading(seed: int, decoder: Decoder) -> None:
    frame = empty(np.random.default_rng(seed))
    assert all(decoder.recover(frame, square(version), "") is None for version in (1, 4, 10, 25))


def test_a_place_without_extent_is_no_code() -> None:
    assert sight(paper(modules(LINK)), Suspect(4, ((5.0, 5.0),) * 4)) is None


def test_random_modules_behind_good_patterns_are_refused() -> None:
    layout = plan(1)
    word, places = format_word("L", 3), format_places(21)
    for seed in range(700):
        seen = np.random.default_rng(seed).normal(0, 1, (21, 21)).astype(np.float32)
        seen[layout.fixed != 0] = layout.fixed[layout.fixed != 0]
        for copy in places:
            for bit, place in enumerate(copy):
                seen[place] = 1.0 if word >> 14 - bit & 1 else -1.0
        assert corrected(Soft(1, seen, 1.0)) is None


def test_doubtful_codewords_cost_half_of_false_ones() -> None:
    soft = noisy_modules(LINK, 0.0, 0)
    scheme = blocks(soft.version, "M")
    lost = scheme.places[0][-(scheme.checks // 2 + 2) :]
    modules_lost = plan(soft.version).order[(lost[:, None] * 8 + np.arange(8)).reshape(-1)]
    false, doubtful = soft.modules.copy(), soft.modules.copy()
    false.reshape(-1)[modules_lost] *= -1
    doubtful.reshape(-1)[modules_lost] *= -0.01
    assert corrected(Soft(soft.version, false, 1.0)) is None
    mended = corrected(Soft(soft.version, doubtful, 1.0))
    assert mended is not None
    assert np.array_equal(mended, modules(LINK))


def test_frames_that_say_nothing_alone_say_it_together() -> None:
    frames = [noisy_modules(LONG, 1.1, seed) for seed in range(6)]
    assert all(corrected(frame) is None for frame in frames)
    total = None
    for frame in frames:
        total = added(total, frame)
    assert total is not None
    together = corrected(total)
    assert together is not None
    assert np.array_equal(together, modules(LONG))


def test_another_code_starts_a_new_sum() -> None:
    first, second = noisy_modules(LINK, 0.1, 1), noisy_modules(LINK[:-2] + "XY", 0.1, 2)
    other = Soft(first.version, -first.modules, 1.0)
    assert added(first, other) is other
    assert added(noisy_modules(LONG, 0.1, 1), second) is second
