"""A file fetched for the updater: brought in pieces as it lies there, and every way to fail is a report."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from appliance.core.errors import DeskTokenError, Refused
from appliance.courier.fetch_desk import FetchDesk
from appliance.wire.call import Done
from appliance.wire.client import ControlClient
from appliance.wire.updates import Fetch, FetchFailed, FetchList, Piece, SendUpdate
from tests.courier.control_double import ControlDouble

CONTENT = bytes(range(256)) * 1000
Server = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ControlDouble]:
    file = Fetch("n" * 32, "https://updates.example/latest.desk-token")
    answers = {
        "NextFetch": lambda _: FetchList((file,)),
        **dict.fromkeys(("SendUpdate", "Piece", "FetchFailed"), lambda _: Done()),
    }
    double = ControlDouble(tmp_path / "courier.sock", "courier", answers)
    yield double
    double.close()


def served(content: bytes, told: int | None = None) -> httpx.Response:
    """The file as a server sends it, under the length it tells."""
    length = str(len(content) if told is None else told)
    return httpx.Response(200, headers={"Content-Length": length}, stream=httpx.ByteStream(content))


def fetches(desk: ControlDouble, server: Server) -> None:
    """One turn of the desk against this server."""
    control = ControlClient(desk.path, "courier")
    with (
        contextlib.closing(control),
        httpx.Client(transport=httpx.MockTransport(server), follow_redirects=False) as client,
    ):
        FetchDesk(control, lambda: client, time.monotonic).turn(0.0)


def test_a_file_is_brought_whole_and_in_order(desk: ControlDouble) -> None:
    fetches(desk, lambda _: served(CONTENT))
    assert [each.size for each in desk.of(SendUpdate)] == [len(CONTENT)]
    pieces = desk.of(Piece)
    assert b"".join(each.data for each in pieces) == CONTENT
    assert [each.at for each in pieces] == [
        sum(len(p.data) for p in pieces[:n]) for n in range(len(pieces))
    ]


@pytest.mark.parametrize(
    ("server", "trouble"),
    [
        (lambda _: httpx.Response(404), "portal-down"),
        (
            lambda _: httpx.Response(302, headers={"Location": "https://evil.example/"}),
            "portal-down",
        ),
        (lambda _: httpx.Response(200, headers={"Content-Length": "0"}), "too-long"),
        (lambda _: httpx.Response(200, headers={"Content-Length": "9" * 10}), "too-long"),
        (lambda _: httpx.Response(200, headers={"Content-Length": "9" * 99}), "too-long"),
        (lambda _: httpx.Response(200, headers={"Content-Length": "-5"}), "portal-down"),
        (
            lambda _: served(b"x", 500),
            "portal-down",
        ),
        (
            lambda _: served(b"xyz", 1),
            "portal-down",
        ),
        (
            lambda _: httpx.Response(
                200, headers={"Content-Encoding": "gzip", "Content-Length": "9"}
            ),
            "portal-down",
        ),
    ],
)
def test_whatever_is_not_the_file_is_a_report(
    desk: ControlDouble, server: Server, trouble: str
) -> None:
    fetches(desk, server)
    assert [each.trouble for each in desk.of(FetchFailed)] == [trouble]


def test_a_server_that_is_away_is_a_report(desk: ControlDouble) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    fetches(desk, away)
    assert [each.trouble for each in desk.of(FetchFailed)] == ["no-network"]


def test_a_piece_that_nobody_takes_ends_the_fetching(desk: ControlDouble) -> None:
    def refuse(_: Piece) -> Done:
        raise Refused("This update is for other hardware")

    desk.teach("Piece", refuse)
    with pytest.raises(DeskTokenError):
        fetches(desk, lambda _: served(CONTENT))
    assert len(desk.of(Piece)) == 1
