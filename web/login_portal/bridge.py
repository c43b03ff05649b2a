"""Flask inside the portal's ASGI process: a whole request goes to a worker thread, a whole reply comes back.

One hop there and one back. Bodies are small, so nothing is handed over in pieces, and somebody who sends slowly
waits on the event loop and holds no thread. Sources: PEP 3333; ASGI specification 3.0.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from flask import Flask

from web.login_portal.device_api.asgi import Receive, Scope, Send, body, on_worker

_UNPREFIXED = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application said: status, headers and the whole body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Bridge:
    """An ASGI application that asks a Flask application on one of the workers.

    Of a body longer than `cap` bytes, or what `caps` says of its path, only the beginning is read: the application
    refuses it by its announced length.
    """

    def __init__(self, app: Flask, workers: Executor, cap: int, caps: Mapping[str, int]) -> None:
        self._app, self._workers, self._cap, self._caps = app, workers, cap, caps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, from start to end."""
        content = await body(receive, self._caps.get(scope["path"], self._cap))
        if content is None:
            return
        reply = await on_worker(self._workers, self._asked, _environ(scope, content))
        start = {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        await send(start)
        await send({"type": "http.response.body", "body": reply.body})

    def _asked(self, environ: dict[str, Any]) -> Reply:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._app(environ, lambda status, headers, *_: started.append((status, headers)))  # type: ignore[arg-type]
        try:
            content = b"".join(parts)
        finally:
            getattr(parts, "close", bool)()
        status, headers = started[-1]
        pairs = [(name.lower().encode("latin-1"), x.encode("latin-1")) for name, x in headers]
        return Reply(int(status.partition(" ")[0]), pairs, content)


def _environ(scope: Scope, content: bytes) -> dict[str, Any]:
    """The request as PEP 3333 wants it. A header with an underscore is not heard: it would pass for another one."""
    host, port = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    names = {raw for raw, _ in scope["headers"]}
    if content and b"content-length" not in names:  # it came in chunks, which are put together now
        environ["CONTENT_LENGTH"] = str(len(content))
    for raw, value in scope["headers"]:
        if b"_" in raw or raw == b"transfer-encoding":
            continue
        plain = raw.decode("latin-1").upper().replace("-", "_")
        name = _UNPREFIXED.get(raw, f"HTTP_{plain}")
        text = value.decode("latin-1")
        environ[name] = f"{environ[name]},{text}" if name in environ else text
    return environ
