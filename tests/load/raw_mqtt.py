"""An MQTT 5 client of a few bytes, so that the client is not what is measured. QoS 1, no library."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Protocol


def _text(word: str) -> bytes:
    raw = word.encode()
    return len(raw).to_bytes(2, "big") + raw


def _packet(kind: int, body: bytes) -> bytes:
    left, length = len(body), b""
    while True:
        left, digit = left >> 7, left & 0x7F
        length += bytes([digit | (0x80 if left else 0)])
        if not left:
            return bytes([kind]) + length + body


class Way(Protocol):
    """What takes bytes to the broker."""

    def write(self, data: bytes) -> None:
        """Send these."""

    def close(self) -> None:
        """Hang up."""


class TlsWay:
    """TLS read and written where it stands: asyncio's own passes every byte through two buffers more.

    Small packets only: what the kernel does not take at once is an error.
    """

    def __init__(self, line: ssl.SSLSocket, client: RawMqtt) -> None:
        self._line, self._client = line, client
        self._loop = asyncio.get_running_loop()
        line.setblocking(False)
        self._loop.add_reader(line.fileno(), self._readable)

    def write(self, data: bytes) -> None:
        """Send these."""
        assert self._line.send(data) == len(data)

    def close(self) -> None:
        """Hang up, without a goodbye."""
        self._loop.remove_reader(self._line.fileno())
        self._line.close()

    def _readable(self) -> None:
        while True:
            try:
                data = self._line.recv(65536)
            except ssl.SSLWantReadError:
                return
            if not data:
                self._loop.remove_reader(self._line.fileno())
                return
            self._client.data_received(data)


class RawMqtt(asyncio.Protocol):
    """One connection; `heard` gets topic and body of each message."""

    def __init__(self, name: str, topic: str, heard: Callable[[str, bytes], None]) -> None:
        self._name, self._topic, self._heard = name, topic, heard
        self._rest, self._number = b"", 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.begin(transport)

    def begin(self, way: Way) -> None:
        """Say who we are."""
        self._way = way
        way.write(_packet(0x10, _text("MQTT") + b"\x05\x02\x00\x3c\x00" + _text(self._name)))

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (packet := self._next()) is not None:
            self._take(*packet)

    def publish(self, topic: str, body: bytes, properties: bytes = b"") -> None:
        self._number = self._number % 60000 + 1
        head = _text(topic) + self._number.to_bytes(2, "big")
        words = bytes([len(properties)]) + properties
        self._way.write(_packet(0x32, head + words + body))

    def close(self) -> None:
        self._way.close()

    def _next(self) -> tuple[int, bytes] | None:
        length, shift, at = 0, 0, 1
        while True:
            if at >= len(self._rest):
                return None
            digit = self._rest[at]
            length |= (digit & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not digit & 0x80:
                break
        if len(self._rest) < at + length:
            return None
        kind, body = self._rest[0], self._rest[at : at + length]
        self._rest = self._rest[at + length :]
        return kind, body

    def _take(self, kind: int, body: bytes) -> None:
        if kind == 0x20:
            assert body[1] == 0, f"refused: {body[1]}"
            self._way.write(_packet(0x82, b"\x00\x01\x00" + _text(self._topic) + b"\x01"))
        elif kind == 0x90:
            self.ready.set_result(None)
        elif kind >> 4 == 3:
            size = int.from_bytes(body[:2], "big")
            topic, at = body[2 : 2 + size].decode(), 2 + size
            if kind & 0x06:
                self._way.write(_packet(0x40, body[at : at + 2]))
                at += 2
            self._heard(topic, body[at + 1 + body[at] :])


async def connect(
    address: tuple[str, int],
    name: str,
    topic: str,
    heard: Callable[[str, bytes], None],
    tls: ssl.SSLContext | None = None,
) -> RawMqtt:
    """Connected, and the subscription granted."""
    loop = asyncio.get_running_loop()
    client = RawMqtt(name, topic, heard)
    if tls is None:
        await loop.create_connection(lambda: client, sock=_connected(address))
    else:
        line = await loop.run_in_executor(None, _shaken_hands, address, tls)
        client.begin(TlsWay(line, client))
    await client.ready
    return client


def _connected(address: tuple[str, int]) -> socket.socket:
    line = socket.create_connection(address)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setblocking(False)
    return line


def _shaken_hands(address: tuple[str, int], tls: ssl.SSLContext) -> ssl.SSLSocket:
    line = _connected(address)
    line.setblocking(True)
    return tls.wrap_socket(line, server_hostname=address[0])
