"""The bench's HTTP server, on a thread of its own, stopped in order."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from flask import Flask
from waitress import create_server, wasyncore  # type: ignore[import-untyped]

_THREADS = 24
_GOODBYE = 0.5


@contextlib.contextmanager
def served(app: Flask, door: socket.socket, threads: int = _THREADS) -> Iterator[None]:
    """The application behind this socket, for as long as the context lasts.

    A page that follows the bench holds one thread; what is still being answered at the end gets half a second.
    """
    connections: dict[int, object] = {}
    server = create_server(
        app, map=connections, sockets=[door], threads=threads, max_request_body_size=64 << 20
    )
    loop = threading.Thread(target=server.run, name="web", daemon=True)
    loop.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown(timeout=_GOODBYE)
        with contextlib.suppress(OSError):  # an answer that ended just now woke it: all is closed
            server.trigger.pull_trigger(lambda: wasyncore.close_all(connections))
        loop.join()
