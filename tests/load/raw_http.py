"""Devices in raw HTTP: an open stream each, and a few connections kept for their answers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from appliance.wire.paths import ANSWERS, INBOX


class RawStream(asyncio.Protocol):
    """One device's stream; `heard` gets each letter's text."""

    def __init__(self, host: str, access: str, heard: Callable[[str], None]) -> None:
        words = f"GET {INBOX} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n"
        self._asks = f"{words}Authorization: Bearer {access}\r\n\r\n".encode()
        self._heard, self._rest = heard, b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._asks)

    def data_received(self, data: bytes) -> None:
        if not self.ready.done() and b": open" in data:
            self.ready.set_result(None)
        self._rest += data
        while (begins := self._rest.find(b"data: ")) >= 0:
            ends = self._rest.find(b"\n", begins)
            if ends < 0:
                return
            letter = self._rest[begins + 6 : ends].decode()
            self._rest = self._rest[ends:]
            self._heard(letter)
        self._rest = self._rest[-2000:]

    def close(self) -> None:
        self._transport.close()


class RawPost(asyncio.Protocol):
    """One connection for answers, one after the other; `heard` gets the body of each reply."""

    def __init__(self, host: str) -> None:
        self._head = f"POST {ANSWERS} HTTP/1.1\r\nHost: {host}\r\nContent-Length: ".encode()
        self._rest, self._heard = b"", _nobody

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def answer(self, text: str, heard: Callable[[bytes], None]) -> None:
        """Send this answer."""
        self._heard = heard
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(text), text.encode()))

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, _, body = self._rest.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if length and len(body) >= int(length):
            self._rest = b""
            self._heard(body)

    def close(self) -> None:
        self._transport.close()


def _nobody(_body: bytes) -> None:
    """Nothing was asked yet."""


class Posts:
    """Answers over connections that stay open; while all of them are busy, an answer waits."""

    def __init__(self, address: tuple[str, int], host: str, lines: int) -> None:
        self._address, self._host, self._lines = address, host, lines
        self._free: list[RawPost] = []
        self._waiting: deque[tuple[str, Callable[[bytes], None]]] = deque()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self._lines):
            _, line = await loop.create_connection(lambda: RawPost(self._host), *self._address)
            self._free.append(line)

    def answer(self, text: str, heard: Callable[[bytes], None]) -> None:
        """Send this answer; `heard` gets what the portal says to it."""
        if not self._free:
            self._waiting.append((text, heard))
            return
        line = self._free.pop()

        def came(body: bytes) -> None:
            self._free.append(line)
            if self._waiting:
                self.answer(*self._waiting.popleft())
            heard(body)

        line.answer(text, came)

    def close(self) -> None:
        for line in self._free:
            line.close()
