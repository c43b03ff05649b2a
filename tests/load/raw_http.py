"""Devices in raw HTTP: an open stream each, and a few connections kept for their answers."""

from __future__ import annotations

import asyncio
import socket
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


class Posts:
    """Answers over connections that stay open."""

    def __init__(self, address: tuple[str, int], host: str, lines: int) -> None:
        self._address, self._host = address, host
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.Queue()
        )
        self._lines = lines

    async def open(self) -> None:
        for _ in range(self._lines):
            reader, writer = await asyncio.open_connection(*self._address)
            line = writer.get_extra_info("socket")
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._free.put_nowait((reader, writer))

    async def answer(self, text: str) -> bytes:
        """What the portal says to an answer."""
        line = await self._free.get()
        reader, writer = line
        words = (
            f"POST {ANSWERS} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        writer.write((words + text).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        self._free.put_nowait(line)
        return body

    def close(self) -> None:
        while not self._free.empty():
            self._free.get_nowait()[1].close()
