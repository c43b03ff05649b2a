"""Improv Wi-Fi over serial, with the vectors of its specification and of the pages that speak it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.wire import improv
from appliance.wire.improv import Asked, Command, Error, NotImprov, Packet, Pending, State, Type

GET_STATE = bytes.fromhex("494d50524f56 01 03 02 02 00 e5")
READY = bytes.fromhex("494d50524f56 01 01 01 02 e2")


def packets(stream: bytes) -> tuple[Packet, ...]:
    return improv.feed(Pending(), stream)[1]


def test_the_vector_that_asks_for_the_state_is_understood() -> None:
    (packet,) = packets(GET_STATE)
    assert improv.asked(packet) == Asked(Command.GET_STATE)


def test_the_vector_of_the_ready_state_is_what_is_sent_between_line_feeds() -> None:
    assert improv.state(State.READY) == b"\n" + READY + b"\n"


def test_the_vector_of_the_specification_sets_the_wifi() -> None:
    packed = improv.pack(
        Type.RPC, improv.rpc(Command.WIFI, "MyWirelessAP", "mysecurepassword")
    ).strip(b"\n")
    assert (packed[8], packed[10]) == (0x20, 0x1E)
    assert packed[-1] == 0xC1
    (packet,) = packets(packed)
    assert improv.asked(packet).texts == ("MyWirelessAP", "mysecurepassword")


def test_an_empty_result_ends_a_scan() -> None:
    (packet,) = packets(improv.result(Command.SCAN))
    assert (packet.type, packet.data) == (Type.RESULT, b"\x04\x00")


@given(st.lists(st.text(max_size=60), max_size=4))
def test_texts_come_back_as_they_were_sent_as_far_as_there_is_room(texts: list[str]) -> None:
    (packet,) = packets(improv.result(Command.INFO, *texts))
    got = improv.texts_of(packet.data)
    assert len(packet.data) <= 255
    assert all(text.startswith(seen) for text, seen in zip(texts, got, strict=False))
    if sum(len(text.encode()) + 1 for text in texts) <= 253:
        assert list(got) == texts


@given(
    st.lists(
        st.one_of(
            st.sampled_from([b"\n", b"IMPROV", b"boot: ok\n", improv.HEADER, b"DTL1\x01"]),
            st.binary(max_size=12),
        ),
        max_size=5,
    ),
    st.lists(st.integers(1, 9), max_size=60),
)
def test_a_packet_is_found_in_noise_and_in_any_pieces(noise: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(part + b"\n" for part in noise) + b"\0" * 300 + GET_STATE
    whole, pending, pieces = packets(stream), Pending(), []
    while stream:
        size = sizes.pop() if sizes else len(stream)
        pending, found = improv.feed(pending, stream[:size])
        pieces += found
        stream = stream[size:]
    assert tuple(pieces) == whole
    assert whole[-1] == Packet(Type.RPC, b"\x02\x00")


@given(st.integers(0, len(GET_STATE) - 1), st.integers(1, 255))
def test_a_packet_with_one_wrong_byte_is_no_packet(place: int, change: int) -> None:
    spoiled = bytearray(GET_STATE)
    spoiled[place] ^= change
    assert packets(bytes(spoiled)) == ()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", Error.BAD_PACKET),
        (b"\x01", Error.BAD_PACKET),
        (b"\x02\x05", Error.BAD_PACKET),
        (b"\x63\x00", Error.UNKNOWN_COMMAND),
        (b"\x01\x03\x05ab", Error.BAD_PACKET),
        (b"\x01\x02\x00\x00", Error.BAD_PACKET),
        (b"\x01\x04\x02\xff\xfe\x00", Error.BAD_PACKET),
        (b"\x01\x02\x01a", Error.BAD_PACKET),
        (improv.rpc(Command.WIFI, "a" * 33, "12345678"), Error.BAD_PACKET),
        (improv.rpc(Command.WIFI, "home", "x" * 65), Error.BAD_PACKET),
    ],
    ids=[
        *("nothing", "no length", "short", "unknown", "text too long", "no name"),
        *("not utf-8", "no password", "long name", "long password"),
    ],
)
def test_what_does_not_fit_is_answered_with_its_error(data: bytes, told: Error) -> None:
    with pytest.raises(NotImprov) as refused:
        improv.asked(Packet(Type.RPC, data))
    assert refused.value.error is told


def test_a_state_packet_is_no_command() -> None:
    with pytest.raises(NotImprov):
        improv.asked(packets(READY)[0])


def test_a_password_never_prints() -> None:
    asked = Asked(Command.WIFI, ("home", "geheim-wachtwoord"))
    assert "geheim" not in repr(asked) + repr(Packet(3, b"geheim")) + repr(Pending(b"geheim"))
