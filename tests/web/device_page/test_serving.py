"""The page on a real socket: what waitress answers by itself is dressed too, and only one address is listened on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.web.device_page.device_double import DeviceDouble


@contextmanager
def running(run: Path, listening: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """The page as its own process, with the listening socket passed in as systemd does."""
    page = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "web.device_page",
            "--run",
            str(run),
            "--fd",
            str(listening.fileno()),
        ],
        pass_fds=[listening.fileno()],
    )
    try:
        yield page
    finally:
        page.terminate()
        page.wait(20)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The origin of a page that is open, and its process."""
    run = tmp_path_factory.mktemp("run")
    desk = DeviceDouble().serve(run / "control" / "page.sock")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with running(run, listening) as process:
            assert httpx.get(origin + "/enter", trust_env=False, timeout=30).status_code == 200
            yield origin, process.pid
    desk.close()


def raw(origin: str, request: bytes) -> bytes:
    host, _, port = origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(request)
        told = b""
        with suppress(OSError):  # it hangs up on what it refuses, perhaps before we are done
            line.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while part := line.recv(65536):
                told += part
        return told


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST /link/picture HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n", b"413"),
        (b"what is this\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX: ".ljust(16 * 1024, b"x"), b"431"),  # just too much, all of it read
    ],
)
def test_row_27_refusals_before_flask_carry_the_headers_too(
    page: tuple[str, int], request_bytes: bytes, status: bytes
) -> None:
    told = raw(page[0], request_bytes)
    assert told.split()[1] == status
    assert b"default-src 'none'" in told
    assert b"nosniff" in told
    assert b"waitress" not in told.lower()


def test_row_26_the_address_a_browser_arrived_at_is_its_own_name(page: tuple[str, int]) -> None:
    told = raw(page[0], b"GET /enter HTTP/1.1\r\nHost: 127.0.0.9\r\nConnection: close\r\n\r\n")
    assert told.split()[1] == b"421"
    elsewhere = page[0].replace("127.0.0.1", "localhost")
    assert httpx.get(elsewhere + "/enter", trust_env=False).status_code == 200


def test_row_30_the_page_listens_on_the_socket_it_was_given_and_no_other(
    page: tuple[str, int],
) -> None:
    links = [
        str(entry.readlink())
        for entry in Path(f"/proc/{page[1]}/fd").iterdir()
        if entry.is_symlink()
    ]
    own = {link[8:-1] for link in links if link.startswith("socket:[")}
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and row[9] in own]
    port = int(page[0].rpartition(":")[2])
    assert listening == [f"0100007F:{port:04X}"]


def test_the_porters_browsers_and_those_on_the_cable_are_served_at_once(tmp_path: Path) -> None:
    """Two sockets of two kinds, passed in as `desk-token-page.socket` does: from descriptor 3 on."""
    desk = DeviceDouble().serve(tmp_path / "control" / "page.sock")
    local = tmp_path / "page.sock"
    with socket.socket(socket.AF_UNIX) as porters, socket.create_server(("127.0.0.1", 0)) as cable:
        porters.bind(str(local))
        porters.listen()
        command = f'exec "$@" 3<&{porters.fileno()} 4<&{cable.fileno()}'
        words = [sys.executable, "-m", "web.device_page", "--run", str(tmp_path)]
        page = subprocess.Popen(
            ["bash", "-c", command, "page", *words],
            pass_fds=[porters.fileno(), cable.fileno()],
            env={**os.environ, "LISTEN_FDS": "2"},
        )
        try:
            at = f"http://127.0.0.1:{cable.getsockname()[1]}/enter"
            assert httpx.get(at, trust_env=False, timeout=30).status_code == 200
            with socket.socket(socket.AF_UNIX) as porter:
                porter.bind(f"\0desk-token/{local.name}-{os.getpid()}/127.0.0.1/127.0.0.1")
                porter.connect(str(local))
                porter.sendall(b"GET /enter HTTP/1.0\r\nHost: localhost\r\n\r\n")
                assert porter.recv(64).split()[1] == b"200"
        finally:
            page.terminate()
            page.wait(20)
    desk.close()
