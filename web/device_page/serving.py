"""The listening end: waitress on the sockets it is given. Its own answers, to what is no HTTP, bear our headers too."""

from __future__ import annotations

import copy
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.task import ErrorTask, WSGITask  # type: ignore[import-untyped]
from werkzeug.http import parse_cookie

from web.device_page.actions import PICTURE_CAP
from web.device_page.guard import ADDRESS, HEADERS
from web.device_page.updating import CAP as UPDATE_CAP

UPLOAD = "/update/file"
Admitted = Callable[[Mapping[str, str]], bool]


class _DressedErrorTask(ErrorTask):  # type: ignore[misc]
    def execute(self) -> None:
        self.response_headers.extend(HEADERS)
        super().execute()


class _Task(WSGITask):  # type: ignore[misc]
    def get_environment(self) -> dict[str, object]:
        """Flask also hears at which of this device's addresses the browser arrived, and whether by TLS."""
        environment: dict[str, object] = super().get_environment()
        line: socket.socket = self.channel.socket
        if line.family is not socket.AF_UNIX:
            return environment | {ADDRESS: line.getsockname()[0]}
        arrived, origin = introduced(line.getpeername())
        safe = {"wsgi.url_scheme": "https", "SERVER_PORT": "443"}
        return environment | safe | {ADDRESS: arrived, "REMOTE_ADDR": origin}


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task
    error_task_class = _DressedErrorTask


def _channel(admitted: Admitted) -> type[_Channel]:
    """Browsers whose uploads are as small as pictures, but for the one that is in and sends an update."""

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            self.adj: Adjustments
            if self.command == "POST" and self.path == UPLOAD and admitted(self.headers):
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = UPDATE_CAP + 1024 * 1024

    class Channel(_Channel):
        parser_class = Parser

    return Channel


def introduced(peer: bytes | str) -> tuple[str, str]:
    """At which address a browser arrived and from where, by the name of the porter's end of the connection."""
    words = peer.decode(errors="replace") if isinstance(peer, bytes) else peer
    parts = words.split("/")
    return (parts[2], parts[3]) if parts[0] == "\0desk-token" and len(parts) == 4 else ("", "")


def local_socket(path: Path) -> socket.socket:
    """The socket at which the porter hands browsers over."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    path.chmod(0o660)
    listening.listen(32)
    return listening


def listening_on(port: int) -> socket.socket:
    """A listening socket on this machine only; port 0 takes a free one."""
    return socket.create_server(("127.0.0.1", port))


def cookie_of(untrusted_headers: Mapping[str, str]) -> str:
    """The session that a request names, before anybody has read more of it than its head."""
    cookies = parse_cookie(untrusted_headers.get("COOKIE", ""))
    return cookies.get("__Host-desk") or cookies.get("desk_page") or ""


def serve(
    app: Flask, *listening: socket.socket, admitted: Admitted = lambda _headers: False
) -> None:
    """Answer on these sockets until the process ends. `admitted`: may these headers bring a whole update?"""
    places: dict[int, object] = {}
    channel = _channel(admitted)
    # waitress takes sockets of one kind; the porter's is local and the cable's is not, in one loop nevertheless
    local = [each for each in listening if each.family is socket.AF_UNIX]
    others = [each for each in listening if each.family is not socket.AF_UNIX]
    servers = [_server(app, sockets, places) for sockets in (local, others) if sockets]
    for place in (*servers, *places.values()):
        if hasattr(place, "channel_class"):
            place.channel_class = channel
    servers[-1].run()


def _server(app: Flask, sockets: list[socket.socket], places: dict[int, object]) -> Any:  # noqa: ANN401 - waitress's own
    return create_server(
        app,
        map=places,
        sockets=sockets,
        threads=4,
        connection_limit=32,
        channel_timeout=60,
        max_request_body_size=PICTURE_CAP + 1024 * 1024,
        max_request_header_size=16 * 1024,
        ident=None,
    )
