"""A front before the real server, as a company's proxy would stand there: it passes everything on, and errs on command.

Whatever it changes has lost the real server's signature, or comes with a foreign one.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

DROPPED = ("content-length", "transfer-encoding", "connection", "content-encoding")


@dataclass(frozen=True, slots=True)
class Passed:
    """One exchange as it comes back from the real server: who asked what, and the reply."""

    verb: str
    path: str
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


Meddling = Callable[[Passed], Passed]


def untouched(passed: Passed) -> Passed:
    """As it came."""
    return passed


@dataclass
class Meddler:
    """Its address, and what it does now; `heard` are the paths that were asked for."""

    url: str
    meddling: Meddling = untouched
    heard: list[str] = field(default_factory=list)

    @contextmanager
    def does(self, meddling: Meddling) -> Iterator[None]:
        """Meddle meanwhile."""
        self.meddling = meddling
        try:
            yield
        finally:
            self.meddling = untouched


@contextmanager
def meddler(behind: str, context: ssl.SSLContext | None = None) -> Iterator[Meddler]:
    """Stand before the server at this address."""
    client = httpx.Client(base_url=behind, timeout=30.0, trust_env=False)

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Nothing."""

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kind = self.headers.get("Content-Type", "")
            sent = {"Content-Type": kind} if kind else {}
            said = client.request(self.command, self.path, content=body, headers=sent)
            headers = {k: v for k, v in said.headers.items() if k.lower() not in DROPPED}
            there.heard.append(self.path)
            passed = Passed(self.command, self.path, said.status_code, said.text, headers)
            self.reply(there.meddling(passed))

        def reply(self, passed: Passed) -> None:
            self.send_response_only(passed.status)
            for name, value in passed.headers.items():
                self.send_header(name, value)
            content = passed.body.encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = pass_on  # noqa: N815 - the names that the library looks for

    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if context is None else "https"
    there = Meddler(f"{scheme}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        client.close()
