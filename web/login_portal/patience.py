"""How long, and how much, a connection may take to say what it wants; uvicorn itself waits for ever and keeps it all.

Whoever is slower or longer is cut off without a word. A reply may take as long as it likes: streams stay for days.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD, PATIENCE = 128 * 1024, 60.0


class Patient(HttpToolsProtocol):
    """One connection: each request, its head and its body, comes whole within a minute.

    Ten thousand of them are idle streams. In slots, what is added here costs each of them a few bytes; two names more
    in its dictionary would cost a kilobyte.
    """

    __slots__ = ("_late", "_unread")
    patience = PATIENCE
    _unread: int
    _late: asyncio.TimerHandle | None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody came, and has to say what they want."""
        self._unread, self._late = 0, None
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """A piece of a request; a head that does not end is cut off."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > LONGEST_HEAD:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        if self._late is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Its head is there."""
        self._unread = -(2**62)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is there as a whole."""
        self._unread = 0
        self._heard()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._heard()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.patience, self._cut)

    def _heard(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut(self) -> None:
        self._late = None
        self.transport.abort()
