"""What a technician's laptop hears on the serial line."""

from __future__ import annotations

import json
import os
import socket
import time
import tty
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from appliance.console.__main__ import serve
from appliance.wire.asking import AskReset, Identify, Identity
from appliance.wire.call import Done
from appliance.wire.client import ControlClient
from appliance.wire.frames import Frame, Kind, Pending, feed, pack
from appliance.wire.service import AskSeal, TryPart
from appliance.wire.upkeep import AskClock
from tests.console.provided import device
from tests.courier.control_double import ControlDouble
from tests.web.device_page.device_double import DeviceDouble


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ControlDouble]:
    answers = {
        "Identify": lambda _: Identity("DT-1", "0.1.0"),
        "Status": DeviceDouble().status,
        "Service": lambda _: device(),
        "TryPart": lambda _: Done(),
        "AskSeal": lambda _: Done(),
    }
    double = ControlDouble(tmp_path / "console.sock", "console", answers)
    yield double
    double.close()


@pytest.fixture
def laptop(desk: ControlDouble) -> Iterator[int]:
    """The laptop's end of a pty whose other end the console serves."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    with closing(ControlClient(desk.path, "console")) as client:
        thread = Thread(target=serve, args=(theirs, client, time.monotonic), daemon=True)
        thread.start()
        yield ours
        os.close(ours)
        thread.join(20)
        assert not thread.is_alive()
    os.close(theirs)


def test_a_console_that_turns_tells_the_service_manager_so(
    desk: ControlDouble, tmp_path: Path
) -> None:
    ours, theirs = os.openpty()
    with (
        closing(ControlClient(desk.path, "console")) as client,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
    ):
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        words = (theirs, client, time.monotonic, manager.getsockname())
        thread = Thread(target=serve, args=words, daemon=True)
        thread.start()
        assert manager.recv(64) == b"WATCHDOG=1"
        os.close(ours)
        thread.join(20)
    os.close(theirs)


def call(sequence: int, message: bytes) -> bytes:
    return pack(Frame(Kind.CALL, sequence, message))


def heard(line: int) -> tuple[int, dict]:
    pending = Pending()
    while True:
        pending, frames = feed(pending, os.read(line, 1024))
        if frames:
            return frames[0].sequence, json.loads(frames[0].body)


def says(line: int, message: bytes, sequence: int = 1) -> dict:
    os.write(line, call(sequence, message))
    answered, reply = heard(line)
    assert answered == sequence
    return reply


def test_the_device_says_who_it_is(laptop: int) -> None:
    told = says(laptop, b'{"method":"Identify"}')
    assert told == {"parameters": {"serial": "DT-1", "software": "0.1.0"}}


def test_the_device_says_how_it_is_without_the_names_of_its_accounts(laptop: int) -> None:
    told = says(laptop, b'{"method":"Status","parameters":{"wait":9}}')["parameters"]
    assert (told["trust"], told["accounts"]) == ("synced", [])


def test_a_technician_may_ask_for_the_clock_and_only_the_device_sets_it(
    laptop: int, desk: ControlDouble
) -> None:
    desk.teach("AskClock", lambda _: Done())
    asked = b'{"method":"AskClock","parameters":{"wall":1900000000}}'
    assert says(laptop, asked) == {"parameters": {}}
    assert [asked.wall for asked in desk.of(AskClock)] == [1.9e9]
    assert "error" in says(laptop, b'{"method":"AskClock","parameters":{"wall":"soon"}}', 2)


@pytest.mark.parametrize(
    "message", [b'{"method":"AskReset"}', b'{"method":"TryPin"}', b'{"method":""}']
)
def test_nothing_else_can_be_asked_on_the_line(
    laptop: int, desk: ControlDouble, message: bytes
) -> None:
    assert says(laptop, message)["error"] == "There is no such call"
    assert desk.of(AskReset) == []


def test_a_call_without_its_parameters_is_not_passed_on(laptop: int, desk: ControlDouble) -> None:
    told = says(laptop, b'{"method":"TryPart","parameters":{"part":7}}')
    assert told["error"] == "The call is not complete"
    assert desk.of(TryPart) == []


def test_a_call_that_comes_again_is_answered_again_and_done_once(
    laptop: int, desk: ControlDouble
) -> None:
    seal = b'{"method":"AskSeal"}'
    first = says(laptop, seal, 5)
    assert says(laptop, seal, 5) == first
    assert len(desk.of(AskSeal)) == 1
    says(laptop, seal, 6)
    assert len(desk.of(AskSeal)) == 2


def test_noise_gets_no_answer_and_the_line_lives_on(laptop: int) -> None:
    os.write(laptop, b"\xff\xfe login: \0DTL1\n")
    assert says(laptop, b'{"method":"Identify"}')["parameters"]["serial"] == "DT-1"
    assert says(laptop, b"no json", 2)["error"].endswith("not a message")


def test_a_frame_that_stays_half_is_given_up_and_the_next_one_heard(laptop: int) -> None:
    os.write(laptop, call(1, b"x" * 900)[:500])
    assert says(laptop, b'{"method":"Identify"}', 2)["parameters"]["serial"] == "DT-1"


def test_a_reply_of_our_own_that_comes_back_is_not_taken_for_a_call(
    laptop: int, desk: ControlDouble
) -> None:
    os.write(laptop, pack(Frame(Kind.REPLY, 3, b'{"method":"AskSeal"}')))
    assert says(laptop, b'{"method":"Identify"}', 4)
    assert desk.of(AskSeal) == []


def test_an_authenticator_that_is_away_is_said_so(laptop: int, desk: ControlDouble) -> None:
    desk.close()
    assert says(laptop, b'{"method":"Identify"}')["error"] == "The other side is gone"
    assert desk.of(Identify) == []
