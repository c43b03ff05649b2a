"""What the addresses that are served without Flask have in common: their headers, their bodies, their replies."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Said = TypeVar("Said")


def plain(scope: Scope) -> dict[str, str]:
    """The request's headers as text; one that comes twice is a list, as RFC 9110 section 5.3 reads it."""
    said: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        said[name] = f"{said[name]}, {value}" if name in said else value
    return said


async def body(receive: Receive, cap: int) -> bytes | None:
    """The request's body; of one longer than `cap` bytes only the beginning. None when its sender hung up."""
    read, more = b"", True
    while more and len(read) <= cap:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        read, more = read + message.get("body", b""), message.get("more_body", False)
    return read


async def reply(send: Send, status: int, kind: str, content: bytes) -> None:
    """A whole reply."""
    await start(send, status, kind, len(content))
    await send({"type": "http.response.body", "body": content, "more_body": False})


async def start(send: Send, status: int, kind: str, length: int | None = None) -> None:
    """The head of a reply; of a stream without its length."""
    headers = {"content-type": kind, "cache-control": "no-store", "x-accel-buffering": "no"}
    headers |= {"x-content-type-options": "nosniff"}
    if length is not None:
        headers["content-length"] = str(length)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


async def on_worker(workers: Executor, act: Callable[..., Said], *words: object) -> Said:
    """What this act says on one of the workers, or its error.

    The thread gives its turn to the loop as soon as it is done: somebody waits for the reply, nobody for the thread.
    """
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def tell(_: Future[Said]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(done.set)
            os.sched_yield()

    job = workers.submit(act, *words)
    job.add_done_callback(tell)
    await done.wait()
    return job.result()
