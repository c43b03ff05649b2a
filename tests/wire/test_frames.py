"""The technician's line: what one end packed the other end gets whole, and nothing else."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.wire.frames import CAP, MAGIC, Frame, Kind, Pending, feed, pack, silent

FRAMES = st.builds(Frame, st.sampled_from(Kind), st.integers(0, 2**32 - 1), st.binary(max_size=200))
# noise as a line makes it: any bytes, beginnings of our own magic, and pieces of real frames
NOISE = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([MAGIC, MAGIC[:2], MAGIC * 3, b"login: ", b"\n\n", b"\0" * 9]),
    FRAMES.map(lambda frame: pack(frame)[:-1]),
    FRAMES.map(lambda frame: pack(frame)[3:]),
)
CALL = Frame(Kind.CALL, 7, b'{"method":"Identify"}')


def heard(stream: bytes, sizes: list[int]) -> tuple[list[Frame], Pending]:
    """All frames of a stream that comes in pieces of these sizes, and what is still pending."""
    pending, found = Pending(), []
    while stream:
        size = sizes.pop() if sizes else len(stream)
        pending, more = feed(pending, stream[:size])
        found += more
        stream = stream[size:]
    return found, pending


@given(st.lists(FRAMES, max_size=6), st.lists(st.integers(1, 60), max_size=60))
def test_frames_survive_any_cutting_and_joining_of_the_bytes(
    frames: list[Frame], sizes: list[int]
) -> None:
    found, pending = heard(b"".join(map(pack, frames)), sizes)
    assert found == frames
    assert pending == Pending()


@given(st.lists(st.one_of(FRAMES, NOISE), max_size=8), st.lists(st.integers(1, 60), max_size=60))
def test_every_whole_frame_is_found_in_the_noise_and_nothing_is_made_up(
    parts: list[Frame | bytes], sizes: list[int]
) -> None:
    sent = [part for part in parts if isinstance(part, Frame)]
    stream = b"".join(pack(part) if isinstance(part, Frame) else part for part in parts)
    found, pending = heard(stream, sizes)
    _, late = silent(pending)
    assert [*found, *late] == sent


@given(FRAMES, st.integers(0, 10_000), st.integers(1, 255))
def test_a_frame_with_one_wrong_byte_is_no_frame(frame: Frame, place: int, change: int) -> None:
    spoiled = bytearray(pack(frame))
    spoiled[place % len(spoiled)] ^= change
    found, pending = heard(bytes(spoiled), [])
    assert (*found, *silent(pending)[1]) == ()


@given(FRAMES)
def test_a_repeated_frame_is_heard_each_time_so_that_its_reply_can_be_repeated(
    frame: Frame,
) -> None:
    assert heard(pack(frame) * 3, [])[0] == [frame] * 3


@pytest.mark.parametrize("length", [CAP + 1, 0xFFFF], ids=["just beyond", "largest"])
def test_a_hostile_length_holds_up_nobody(length: int) -> None:
    head = struct.pack(">4sBIH", MAGIC, Kind.CALL, 1, length)
    hostile = head + struct.pack(">H", zlib.crc32(head) & 0xFFFF) + b"x" * 40
    assert heard(hostile + pack(CALL), [])[0] == [CALL]


def test_a_length_is_not_believed_without_the_check_of_its_head() -> None:
    lying = bytearray(pack(CALL))
    lying[9:11] = b"\x7f\xff"
    assert heard(bytes(lying) + pack(CALL), [])[0] == [CALL]


def test_a_frame_that_stays_half_is_given_up_after_silence_and_the_one_behind_it_is_found() -> None:
    long = pack(Frame(Kind.CALL, 1, b"x" * 500))
    found, pending = heard(long[:100] + pack(CALL), [])
    assert found == []
    assert silent(pending) == (Pending(), (CALL,))


@settings(max_examples=20)
@given(st.binary(min_size=1, max_size=64))
def test_endless_noise_is_never_kept(noise: bytes) -> None:
    pending = Pending()
    for _ in range(2000):
        pending, _frames = feed(pending, noise)
        assert len(pending.begun) <= CAP + 32


def test_a_body_beyond_the_cap_cannot_be_sent() -> None:
    assert len(pack(Frame(Kind.REPLY, 1, b"x" * CAP))) == CAP + 17
    with pytest.raises(ValueError, match="32 KiB"):
        pack(Frame(Kind.REPLY, 1, b"x" * (CAP + 1)))


def test_a_password_in_a_frame_never_prints() -> None:
    frame = Frame(Kind.CALL, 1, b"geheim-wachtwoord")
    assert "geheim" not in repr(frame) + repr(Pending(b"geheim"))
