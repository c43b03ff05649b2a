"""A poll carries what the authenticator signed and brings back what the server said, both unread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from appliance.courier.poll_runner import PollRunner
from appliance.wire.call import Done
from appliance.wire.carrying import Line, Link
from appliance.wire.client import ControlClient
from appliance.wire.polling import Polled, PollSigned, PollTaken, SignPoll
from tests.courier.control_double import ControlDouble

LINK = Link("p1", "https://mfa.example.org/ttype/push", "PIPU1", "push", rest=3600.0)
QUERY = "serial=PIPU1&timestamp=2026-11-23T07%3A00%3A00Z&signature=MZXW6%3D%3D"


class Server(httpx.BaseTransport):
    """Answers every poll with nothing, until it is told to be away."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.away:
            raise httpx.ConnectError("away")
        headers = {"Date": "Mon, 23 Nov 2026 07:00:00 GMT"}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"[]"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ControlDouble]:
    answers = {
        "SignPoll": lambda _: PollSigned(QUERY),
        "Polled": lambda _: PollTaken("quiet"),
        "Line": lambda _: Done(),
    }
    double = ControlDouble(tmp_path / "courier.sock", "courier", answers)
    yield double
    double.close()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def runner(desk: ControlDouble, server: Server) -> Iterator[PollRunner]:
    caller, client = ControlClient(desk.path, "courier"), httpx.Client(transport=server)

    def pause(awake: Event, seconds: float) -> object:
        return awake.wait(min(seconds, 20.0))

    made = PollRunner(LINK, caller, client, clock=lambda: 1.0, chance=lambda: 0.5, pause=pause)
    thread = Thread(target=made.run, daemon=True)
    thread.start()
    yield made
    made.stop()
    thread.join(10)
    assert not thread.is_alive()
    caller.close()


@pytest.mark.usefixtures("runner")
def test_what_was_signed_is_asked_and_what_was_said_is_brought(
    desk: ControlDouble, server: Server
) -> None:
    brought = desk.wait_for(lambda record: isinstance(record, Polled))
    assert server.asked == [f"{LINK.origin}?{QUERY}"]
    assert brought == Polled("p1", 200, "[]", 1_795_417_200.0)
    assert desk.wait_for(lambda record: isinstance(record, Line)) == Line("p1", "connected")
    assert desk.of(SignPoll) == [SignPoll("p1")]


def test_a_stir_ends_the_rest_at_once(runner: PollRunner, desk: ControlDouble) -> None:
    desk.wait_for(lambda record: isinstance(record, Line))
    runner.stir()
    desk.wait_for(lambda _: len([r for r in desk.heard if isinstance(r, Polled)]) >= 2)


def test_a_line_that_is_down_is_told(
    runner: PollRunner, desk: ControlDouble, server: Server
) -> None:
    desk.wait_for(lambda record: isinstance(record, Line))
    server.away = True
    runner.stir()
    desk.wait_for(lambda record: record == Line("p1", "no-network"))
