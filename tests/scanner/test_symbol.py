"""The tables of the symbol, against codes that another library drew."""

from __future__ import annotations

import numpy as np
import pytest
import segno

from appliance.scanner.reed_solomon import mend
from appliance.scanner.symbol import blocks, draw, format_places, format_word, mask, plan

VERSIONS = (1, 2, 6, 7, 10, 14, 22, 27, 32, 36, 40)
NONE = np.zeros(0, dtype=np.intp)


def drawn(version: int, level: str) -> tuple[np.ndarray, int]:
    code = segno.make("12345", version=version, error=level, boost_error=False)
    return np.asarray([list(row) for row in code.matrix], dtype=np.bool_), code.mask


def stream_of(dark: np.ndarray, version: int, number: int) -> np.ndarray:
    layout = plan(version)
    bits = (dark ^ mask(number, layout.side)).reshape(-1)[layout.order]
    return np.packbits(bits[: len(bits) // 8 * 8])


@pytest.mark.parametrize("version", VERSIONS)
def test_fixed_patterns_stand_where_another_library_draws_them(version: int) -> None:
    dark, _ = drawn(version, "M")
    fixed = plan(version).fixed
    assert np.array_equal(dark[fixed != 0], fixed[fixed != 0] > 0)


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("version", VERSIONS)
def test_both_copies_of_the_format_word_are_found(version: int, level: str) -> None:
    dark, number = drawn(version, level)
    word = format_word(level, number)
    for places in format_places(len(dark)):
        assert [bool(word >> 14 - i & 1) for i in range(15)] == [bool(dark[p]) for p in places]


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_block_of_another_librarys_code_satisfies_its_checks(
    version: int, level: str
) -> None:
    dark, number = drawn(version, level)
    stream, scheme = stream_of(dark, version, number), blocks(version, level)
    assert sorted(np.concatenate(scheme.places)) == list(range(len(stream)))
    for places in scheme.places:
        whole = mend(stream[places], scheme.checks, NONE)
        assert whole is not None
        assert np.array_equal(whole.codewords, stream[places])


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("version", VERSIONS)
def test_a_symbol_drawn_from_its_codewords_is_the_symbol(version: int, level: str) -> None:
    dark, number = drawn(version, level)
    assert np.array_equal(draw(version, level, number, stream_of(dark, version, number)), dark)
