"""Correction: what the checks can carry comes back whole, and what they cannot is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.scanner.reed_solomon import mend
from appliance.scanner.symbol import blocks
from tests.scanner.test_symbol import drawn, stream_of

NONE = np.zeros(0, dtype=np.intp)


def block(version: int = 10, level: str = "M") -> tuple[np.ndarray, int]:
    dark, number = drawn(version, level)
    scheme = blocks(version, level)
    return stream_of(dark, version, number)[scheme.places[0]], scheme.checks


@given(erased=st.integers(0, 26), seed=st.integers(0, 2**32))
def test_errors_cost_two_checks_and_erasures_one(erased: int, seed: int) -> None:
    whole, checks = block()
    chance = np.random.default_rng(seed)
    places = chance.permutation(len(whole))[: erased + (checks - erased) // 2]
    broken = whole.copy()
    broken[places] ^= chance.integers(1, 256, len(places), dtype=np.uint8)
    mended = mend(broken, checks, places[:erased])
    assert mended is not None
    assert np.array_equal(mended.codewords, whole)


@given(seed=st.integers(0, 2**32))
def test_noise_never_has_proof(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, 69, dtype=np.uint8)
    mended = mend(noise, 26, np.arange(18, dtype=np.intp))
    assert mended is None or mended.proof < 28


@pytest.mark.parametrize("erased", [0, 6, 12])
def test_proof_shrinks_with_what_was_mended(erased: int) -> None:
    whole, checks = block()
    broken = whole.copy()
    broken[:erased] ^= 1
    mended = mend(broken, checks, np.arange(erased, dtype=np.intp))
    assert mended is not None
    assert mended.proof == pytest.approx(8.0 * (checks - erased))


def test_a_block_beyond_mending_is_refused() -> None:
    whole, checks = block()
    broken = whole.copy()
    broken[: checks // 2 + 3] ^= 0x5A
    assert mend(broken, checks, NONE) is None
