"""The codes against every vector that the RFCs print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.credentials.candidates import Algorithm
from appliance.credentials.one_time_codes import Generator, counter_code, digits_at, timed_code

SEED = b"12345678901234567890"
SEEDS = {
    Algorithm.SHA1: SEED,
    Algorithm.SHA256: (SEED * 2)[:32],
    Algorithm.SHA512: (SEED * 4)[:64],
}
RFC_4226 = [
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
]
RFC_6238 = {
    59: ("94287082", "46119246", "90693936"),
    1111111109: ("07081804", "68084774", "25091201"),
    1111111111: ("14050471", "67062674", "99943326"),
    1234567890: ("89005924", "91819424", "93441116"),
    2000000000: ("69279037", "90698825", "38618901"),
    20000000000: ("65353130", "77737706", "47863826"),
}


@pytest.mark.parametrize(("counter", "digits"), list(enumerate(RFC_4226)))
def test_counter_codes_are_those_of_rfc_4226_appendix_d(counter: int, digits: str) -> None:
    assert digits_at(Generator(SEED), counter) == digits


@pytest.mark.parametrize("wall", RFC_6238)
@pytest.mark.parametrize(("place", "algorithm"), list(enumerate(Algorithm)))
def test_timed_codes_are_those_of_rfc_6238_appendix_b(
    wall: int, place: int, algorithm: Algorithm
) -> None:
    code = timed_code("a", Generator(SEEDS[algorithm], algorithm, 8), wall)
    assert code.digits == RFC_6238[wall][place]


@given(wall=st.floats(0, 4e10), period=st.integers(1, 86_400), digits=st.integers(6, 8))
def test_a_timed_code_holds_at_its_moment_and_for_one_period(
    wall: float, period: int, digits: int
) -> None:
    code = timed_code("a", Generator(SEED, digits=digits, period=period), wall)
    assert code.holds_at(wall)
    assert code.valid_to is not None
    assert code.valid_to - code.valid_from == period
    assert len(code.digits) == digits


def test_a_code_changes_exactly_at_the_turn_of_its_period() -> None:
    before, after = (timed_code("a", Generator(SEED), wall) for wall in (59.999, 60.0))
    assert before.digits == "287082"
    assert after.valid_from == before.valid_to == 60


def test_a_counter_code_has_no_end() -> None:
    assert counter_code("a", Generator(SEED), 1, 100.0).valid_to is None


def test_neither_secret_nor_digits_print() -> None:
    code = counter_code("a", Generator(SEED), 0, 0.0)
    assert "755224" not in repr(code)
    assert "1234" not in repr(Generator(SEED))
