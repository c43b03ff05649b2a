"""Who says what they want too slowly, or without end, is cut off; who listens for long is not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from tests.hardware.bodies import soon
from web.login_portal.device_api.asgi import Receive, Scope, Send, body, reply
from web.login_portal.patience import LONGEST_HEAD, Patient


class Hasty(Patient):
    """The same, with less time to wait."""

    patience = 0.3


async def says_yes(scope: Scope, receive: Receive, send: Send) -> None:
    del scope
    if await body(receive, 1000) is not None:
        await reply(send, 200, "text/plain", b"yes")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    about = {"lifespan": "off", "log_config": None, "timeout_keep_alive": 75}
    server = uvicorn.Server(uvicorn.Config(says_yes, http=Hasty, **about))  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        assert soon(lambda: server.started)
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join(20)


def said(port: int, *words: bytes) -> bytes:
    """What comes back to these words, until the other end hangs up."""
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        try:
            for word in words:
                line.sendall(word)
            found = b""
            while piece := line.recv(65536):
                found += piece
        except ConnectionError:
            return b""
        return found


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk"],
)
def test_half_a_request_is_not_waited_for(port: int, words: bytes) -> None:
    assert said(port, words) == b""


@pytest.mark.parametrize("piece", [b"a" * 1000, b"A: b\r\n" * 200, b"/x" * 500])
def test_a_head_without_end_is_cut_off(port: int, piece: bytes) -> None:
    start = b"GET /" if piece[:1] == b"/" else b"GET / HTTP/1.1\r\nX: "
    assert said(port, start, *[piece] * (2 * LONGEST_HEAD // len(piece))) == b""


def test_a_connection_that_is_kept_is_not_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        for _ in range(2):
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            heard = b""
            while not heard.endswith(b"yes"):
                piece = line.recv(65536)
                assert piece, "cut off"
                heard += piece
            assert said(port, b"GET /") == b""  # by now the time of the first request is over
