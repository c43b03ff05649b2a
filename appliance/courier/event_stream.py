"""An open stream of letters, read with a cap. It knows the form of server-sent events and nothing of letters.

A stream may live for days, so the cap holds between two events: a portal that never ends one is cut off. Source:
the HTML standard, section 9.2 (server-sent events).
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import cast

import httpx
from httpx_sse import EventSource, SSEError

from appliance.courier.exchange import BODY_CAP

TYPE = "text/event-stream"


class _Capped(httpx.SyncByteStream):
    """The bytes of a stream, until too many come without an empty line between them."""

    def __init__(self, inner: httpx.SyncByteStream) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        unfinished = 0
        for chunk in self._inner:
            ends = max(chunk.rfind(b"\n\n"), chunk.rfind(b"\r\n\r\n"))
            unfinished = len(chunk) - ends if ends >= 0 else unfinished + len(chunk)
            if unfinished > BODY_CAP:
                raise httpx.ReadError("too much without an end")
            yield chunk

    def close(self) -> None:
        self._inner.close()


def is_stream(response: httpx.Response) -> bool:
    """Whether the portal gave what was asked for."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    plain = response.headers.get("content-encoding", "identity") == "identity"
    return response.status_code == 200 and kind == TYPE and plain


def letters(response: httpx.Response) -> Iterator[tuple[int, str]]:
    """Each letter with its cursor, as they come. Ends when the portal ends it; raises httpx's errors."""
    response.stream = _Capped(cast("httpx.SyncByteStream", response.stream))
    response.encoding = "utf-8"  # always, by the standard; a header may name a codec that unpacks
    try:
        for event in EventSource(response).iter_sse():
            if (
                event.event == "letter"
                and event.id.isascii()
                and event.id.isdigit()
                and len(event.id) < 19
            ):
                yield int(event.id), event.data
    except (SSEError, UnicodeDecodeError) as wrong:
        raise httpx.ReadError("not a stream of events") from wrong


def cut(response: httpx.Response) -> None:
    """End the stream from another thread: its reader sees the end at once."""
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("socket") if stream is not None else None
    if isinstance(connection, socket.socket):
        try:
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
        except OSError:
            return
