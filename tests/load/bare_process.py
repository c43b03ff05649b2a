"""The same load without a portal: one process that passes on what comes and keeps, signs and checks nothing.

What it takes is what the clients, the wire and a broker with TLS cost by themselves. It is started and rung like
`portal_process`, speaks as much HTTP as the raw devices hear, and says yes to every answer.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance.wire.broker import inbound, sender
from appliance.wire.paths import INBOX
from tests.load import raw_mqtt
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.keys import load_or_make

YES = b'{"outcome":"approved"}'
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: open\n\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(YES), YES)
WORDS = "x" * 300


def letter() -> str:
    """As long as a real one, with a name that is new."""
    claims = json.dumps({"kind": "login", "jti": secrets.token_urlsafe(12), "words": WORDS})
    return f"head.{base64.urlsafe_b64encode(claims.encode()).decode().rstrip('=')}.{'s' * 86}"


class Line(asyncio.Protocol):
    """One connection: a device's stream, or one that carries answers."""

    def __init__(self, streams: dict[str, asyncio.Transport]) -> None:
        self._streams, self._rest = streams, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        head, ends, body = (self._rest + data).partition(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2] or 0)
        if not ends or len(body) < length:
            self._rest += data
            return
        self._rest = b""
        if INBOX.encode() in head:
            self._streams[head.rpartition(b"Bearer ")[2].decode()] = self._transport
            self._transport.write(STREAM)
        else:
            self._transport.write(REPLY)


async def by_stream() -> tuple[str, Callable[[str], None]]:
    """Listen for devices; the address, and what sends a letter to one of them."""
    streams: dict[str, asyncio.Transport] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(streams), "127.0.0.1", 0, backlog=4096)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    return address, lambda device: streams[device].write(f"id: 1\ndata: {letter()}\n\n".encode())


async def by_broker(folder: Path, port: int) -> Callable[[str], None]:
    """Connect to the broker as the portal does; what is returned sends a letter to a device."""
    tls = BrokerIdentity(load_or_make(folder)).portal_line(time.time())

    def answered(topic: str, _body: bytes) -> None:
        receipt = {"status": 200, "body": YES.decode()}
        line.publish(inbound(sender(topic)), json.dumps(receipt).encode())

    line = await raw_mqtt.connect(("127.0.0.1", port), "portal", "dev/+/out", answered, tls)

    def send(device: str) -> None:
        parcel = {"cursor": 1, "letter": letter()}
        line.publish(inbound(device), json.dumps(parcel).encode())

    return send


async def main(folder: Path, devices: int, doors: str) -> None:
    """Serve until standard input ends."""
    names = [f"d{number:06d}-load" for number in range(devices)]
    (folder / "access.json").write_bytes(msgspec.json.encode([(name, name) for name in names]))
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    bell.bind(str(folder / "bell"))
    bell.setblocking(False)
    ports = [int(word) for word in doors.split(",") if word]
    address, send = await by_stream()
    if ports:
        send = await by_broker(folder, ports[1])
    loop = asyncio.get_running_loop()
    loop.add_reader(bell, lambda: send(bell.recv(200).decode()))
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[4]))
