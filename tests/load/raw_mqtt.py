"""An MQTT 5 client of a few bytes, so that the client is not what is measured. QoS 1, no library."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable


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


class RawMqtt(asyncio.Protocol):
    """One connection; `heard` gets topic and body of each message."""

    def __init__(self, name: str, topic: str, heard: Callable[[str, bytes], None]) -> None:
        self._name, self._topic, self._heard = name, topic, heard
        self._rest, self._number = b"", 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.write(_packet(0x10, _text("MQTT") + b"\x05\x02\x00\x3c\x00" + _text(self._name)))

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (packet := self._next()) is not None:
            self._take(*packet)

    def publish(self, topic: str, body: bytes, properties: bytes = b"") -> None:
        self._number = self._number % 60000 + 1
        head = _text(topic) + self._number.to_bytes(2, "big")
        words = bytes([len(properties)]) + properties
        self._transport.write(_packet(0x32, head + words + body))

    def close(self) -> None:
        self._transport.close()

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
            self._transport.write(_packet(0x82, b"\x00\x01\x00" + _text(self._topic) + b"\x01"))
        elif kind == 0x90:
            self.ready.set_result(None)
        elif kind >> 4 == 3:
            size = int.from_bytes(body[:2], "big")
            topic, at = body[2 : 2 + size].decode(), 2 + size
            if kind & 0x06:
                self._transport.write(_packet(0x40, body[at : at + 2]))
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
    _, client = await loop.create_connection(lambda: RawMqtt(name, topic, heard), *address, ssl=tls)
    await client.ready
    return client
