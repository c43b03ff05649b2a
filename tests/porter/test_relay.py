"""The relay between browsers and the page: TLS or nothing, bytes as they are, and the page knows from where."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from appliance.porter.certificate import credential
from appliance.porter.relay import Relay
from web.device_page.serving import introduced, local_socket


@dataclass
class Porch:
    """Where browsers arrive, and the page's end."""

    port: int
    page: socket.socket

    def browser(self) -> ssl.SSLSocket:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return trusting.wrap_socket(plain)


@pytest.fixture
def porch(tmp_path: Path) -> Iterator[Porch]:
    made = credential(tmp_path, ("localhost",), 1_764_000_000.0)
    with local_socket(tmp_path / "page.sock") as page, socket.create_server(("127.0.0.1", 0)) as at:
        page.settimeout(20)
        relay = Relay(at, tmp_path / "page.sock", lambda: made.context)
        thread = Thread(target=relay.serve, daemon=True)
        thread.start()
        yield Porch(at.getsockname()[1], page)
        at.shutdown(socket.SHUT_RDWR)
        thread.join(20)


def test_bytes_go_both_ways_as_they_are(porch: Porch) -> None:
    sent = bytes(range(256)) * 2000
    with porch.browser() as browser:
        line, _ = porch.page.accept()
        with line:
            line.settimeout(20)
            Thread(target=browser.sendall, args=(sent,), daemon=True).start()
            heard = b""
            while len(heard) < len(sent):
                heard += line.recv(65536)
            assert heard == sent
            line.sendall(b"answer")
            assert browser.recv(100) == b"answer"


def test_the_page_learns_from_where_a_browser_came(porch: Porch) -> None:
    with porch.browser():
        line, _ = porch.page.accept()
        with line:
            assert introduced(line.getpeername()) == ("127.0.0.1", "127.0.0.1")


@pytest.mark.parametrize("peer", ["", b"", b"\0desk-token/1", b"\0other/1/10.0.0.1/10.0.0.2"])
def test_anybody_else_is_nobody(peer: bytes | str) -> None:
    assert introduced(peer) == ("", "")


def test_without_tls_nothing_reaches_the_page(porch: Porch) -> None:
    with socket.create_connection(("127.0.0.1", porch.port), timeout=20) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b"HTTP" not in plain.recv(100)
    porch.page.setblocking(False)
    with pytest.raises(BlockingIOError):
        porch.page.accept()


def test_a_browser_that_leaves_ends_the_line(porch: Porch) -> None:
    browser = porch.browser()
    line, _ = porch.page.accept()
    browser.close()
    with line:
        line.settimeout(20)
        assert line.recv(10) == b""
