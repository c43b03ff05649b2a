"""The manifest: what a release says of itself, refused when it says it badly or does not fit the device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from appliance.core.errors import Refused
from appliance.wire.bundle import (
    NOT_ONE,
    Here,
    Manifest,
    check_fit,
    parse_manifest,
    version_of,
    written,
)

WHEEL = "desk_token-1.2.0-py3-none-any.whl"
GOOD = Manifest("1.2.0", "1.0.0", ("aarch64",), "cp311", 1_790_000_000, 1000, (WHEEL,))
HERE = Here("1.1.0", "1.1.0", "aarch64", "cp311")
NUMBER = st.integers(0, 99999)


def test_a_good_manifest_is_read_as_it_was_written() -> None:
    assert parse_manifest(written(GOOD)) == GOOD


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "other"},
        {"version": "1.2"},
        {"version": "1.2.0-rc1"},
        {"version": "01.2.0"},
        {"version": "1.2.٠"},
        {"minimum": "1.3.0"},
        {"hardware": ()},
        {"hardware": ("../x",)},
        {"python": "cp27"},
        {"python": "cp311\n"},
        {"made": 0},
        {"made": 2**40},
        {"size": 0},
        {"size": 2**50},
        {"wheels": ()},
        {"wheels": (WHEEL, WHEEL)},
        {"wheels": ("../x-1.0-py3-none-any.whl",)},
        {"wheels": ("a..b-1.0-py3-none-any.whl",)},
        {"wheels": ("x.tar.gz",)},
        {"wheels": tuple(f"a{n}-1.0-py3-none-any.whl" for n in range(121))},
    ],
)
def test_a_field_outside_its_range_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(Refused, match=NOT_ONE):
        parse_manifest(written(replace(GOOD, **changed)))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b"{" * 70000, b"[" * 60000, written(GOOD)[:-3] + b', "x": 1}'],
)
def test_garbage_and_unknown_fields_are_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=NOT_ONE):
        parse_manifest(content)


@given(st.tuples(NUMBER, NUMBER, NUMBER), st.tuples(NUMBER, NUMBER, NUMBER))
def test_versions_are_ordered_as_numbers(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    texts = [".".join(map(str, version)) for version in (one, other)]
    assert (version_of(texts[0]) < version_of(texts[1])) == (one < other)


def test_a_newer_release_for_this_board_fits() -> None:
    check_fit(GOOD, HERE)


@pytest.mark.parametrize(
    ("here", "sentence"),
    [
        (replace(HERE, machine="armv7l"), "This update is for other hardware"),
        (replace(HERE, python="cp313"), "This update is for another version of Python"),
        (replace(HERE, version="1.2.0"), "This version is already installed"),
        (replace(HERE, highest="1.2.1"), "This update is older than what the token had before"),
        (replace(HERE, version="0.9.9"), "Another update must be installed before this one"),
    ],
)
def test_a_release_that_does_not_fit_is_refused_with_the_reason(here: Here, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check_fit(GOOD, here)
