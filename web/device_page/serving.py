"""The listening end: waitress on one socket, with the same headers on the answers that waitress gives by itself."""

from __future__ import annotations

import socket

from flask import Flask
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.task import ErrorTask, WSGITask  # type: ignore[import-untyped]

from web.device_page.guard import ADDRESS, HEADERS
from web.device_page.pages.linking import PICTURE_CAP


class _DressedErrorTask(ErrorTask):  # type: ignore[misc]
    def execute(self) -> None:
        self.response_headers.extend(HEADERS)
        super().execute()


class _Task(WSGITask):  # type: ignore[misc]
    def get_environment(self) -> dict[str, object]:
        """Flask also hears at which of this device's addresses the browser arrived."""
        environment: dict[str, object] = super().get_environment()
        environment[ADDRESS] = self.channel.socket.getsockname()[0]
        return environment


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task
    error_task_class = _DressedErrorTask


def listening_on(port: int) -> socket.socket:
    """A listening socket on this machine only; port 0 takes a free one."""
    return socket.create_server(("127.0.0.1", port))


def serve(app: Flask, listening: socket.socket) -> None:
    """Answer on this socket until the process ends."""
    server = create_server(
        app,
        sockets=[listening],
        threads=4,
        connection_limit=32,
        channel_timeout=60,
        max_request_body_size=PICTURE_CAP + 1024 * 1024,
        max_request_header_size=16 * 1024,
        ident=None,
    )
    server.channel_class = _Channel
    server.run()
