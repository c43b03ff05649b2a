"""What a technician's laptop hears on the serial line."""

from __future__ import annotations

import json
import os
import tty
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.console.__main__ import serve
from appliance.console.frames import CAP, Pending, feed
from appliance.wire.client import ControlClient
from appliance.wire.ipc import AskReset, Done, Identify, Identity
from appliance.wire.upkeep import AskClock
from tests.courier.control_double import ControlDouble
from tests.web.device_page.device_double import DeviceDouble


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ControlDouble]:
    device = DeviceDouble()
    answers = {"Identify": lambda _: Identity("DT-1", "0.1.0"), "Status": device.status}
    double = ControlDouble(tmp_path / "console.sock", "console", answers)
    yield double
    double.close()


@pytest.fixture
def laptop(desk: ControlDouble) -> Iterator[int]:
    """The laptop's end of a pty whose other end the console serves."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    with closing(ControlClient(desk.path, "console")) as client:
        thread = Thread(target=serve, args=(theirs, client), daemon=True)
        thread.start()
        yield ours
        os.close(ours)
        thread.join(20)
        assert not thread.is_alive()
    os.close(theirs)


def heard(line: int) -> dict:
    told = b""
    while not told.endswith(b"\0"):
        told += os.read(line, 1024)
    return json.loads(told[:-1])


def test_the_device_says_who_it_is(laptop: int) -> None:
    os.write(laptop, b'{"method":"Identify"}\0')
    assert heard(laptop) == {"parameters": {"serial": "DT-1", "software": "0.1.0"}}


def test_a_technician_may_ask_for_the_clock_and_only_the_device_sets_it(
    laptop: int, desk: ControlDouble
) -> None:
    desk.teach("AskClock", lambda _: Done())
    os.write(laptop, b'{"method":"AskClock","parameters":{"wall":1900000000}}\0')
    assert heard(laptop) == {"parameters": {}}
    assert [asked.wall for asked in desk.of(AskClock)] == [1.9e9]
    os.write(laptop, b'{"method":"AskClock","parameters":{"wall":"soon"}}\0')
    assert "not a message" in heard(laptop)["error"]


def test_the_device_says_how_it_is(laptop: int) -> None:
    os.write(laptop, b'{"method":"Status","parameters":{"wait":9}}\0')
    assert heard(laptop)["parameters"]["trust"] == "synced"


@pytest.mark.parametrize(
    "call", [b'{"method":"AskReset"}', b'{"method":"TryPin"}', b'{"method":""}']
)
def test_nothing_else_can_be_asked_on_the_line(
    laptop: int, desk: ControlDouble, call: bytes
) -> None:
    os.write(laptop, call + b"\0")
    assert heard(laptop)["error"] == "There is no such call"
    assert desk.of(AskReset) == []


def test_noise_is_answered_with_a_sentence_and_the_line_lives_on(laptop: int) -> None:
    os.write(laptop, b"\xff\xfe login: \0")
    assert "not a message" in heard(laptop)["error"]
    os.write(laptop, b'{"method":"Identify"}\0')
    assert heard(laptop)["parameters"]["serial"] == "DT-1"


def test_an_authenticator_that_is_away_is_said_so(laptop: int, desk: ControlDouble) -> None:
    desk.close()
    os.write(laptop, b'{"method":"Identify"}\0')
    assert heard(laptop)["error"] == "The other side is gone"
    assert desk.of(Identify) == []


@given(st.lists(st.binary(max_size=3000), max_size=8), st.data())
def test_messages_survive_any_cutting_of_the_bytes(parts: list[bytes], data: st.DataObject) -> None:
    messages = [part.replace(b"\0", b"x") for part in parts]
    stream = b"".join(message + b"\0" for message in messages)
    pending, got = Pending(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        pending, more = feed(pending, stream[:size])
        got += more
        stream = stream[size:]
    assert got == [message for message in messages if message]


def test_what_is_too_long_is_skipped_up_to_its_end_and_not_kept() -> None:
    pending = Pending()
    for _ in range(100):
        pending, got = feed(pending, b"x" * 1024)
        assert got == ()
        assert len(pending.begun) <= CAP
    assert feed(pending, b"tail\0next\0")[1] == (b"next",)
