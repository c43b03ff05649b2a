"""Carries bytes between a browser's TLS connection and the page's local socket. It reads no request and keeps nothing.

The page learns at which address the browser arrived, and from where, by the name that our end of the local
connection has (`\\0desk-token/NUMBER/ARRIVED/FROM`): nothing that a browser sends can look like it.
"""

from __future__ import annotations

import itertools
import logging
import os
import select
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore, Thread

MOST_BROWSERS, HANDSHAKE_SECONDS, IDLE_SECONDS, CHUNK = 32, 10.0, 90.0, 65536
log = logging.getLogger("porter")


class Relay:
    """Serves one listening socket. `context` gives what to speak TLS with, anew for each browser."""

    def __init__(
        self, listening: socket.socket, page: Path, context: Callable[[], ssl.SSLContext]
    ) -> None:
        self._listening = listening
        self._page = page
        self._context = context
        self._places = BoundedSemaphore(MOST_BROWSERS)
        self._numbers = itertools.count()

    def serve(self) -> None:
        """Take browsers until the socket is closed."""
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            if self._places.acquire(blocking=False):
                Thread(target=self._meet, args=(browser,), daemon=True).start()
            else:
                browser.close()

    def _meet(self, browser: socket.socket) -> None:
        try:
            browser.settimeout(HANDSHAKE_SECONDS)
            with (
                browser,
                self._context().wrap_socket(browser, server_side=True) as safe,
                self._to_the_page(safe) as page,
            ):
                carry(safe, page)
        except OSError as lost:
            log.info("browser gone: %s", type(lost).__name__)
        finally:
            self._places.release()

    def _to_the_page(self, browser: socket.socket) -> socket.socket:
        arrived, origin = browser.getsockname()[0], browser.getpeername()[0]
        number = f"{os.getpid()}-{next(self._numbers)}"
        page = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            page.bind(f"\0desk-token/{number}/{arrived}/{origin}")
            page.settimeout(IDLE_SECONDS)
            page.connect(str(self._page))
        except OSError:
            page.close()
            raise
        return page


def carry(browser: ssl.SSLSocket, page: socket.socket) -> None:
    """Bytes both ways until one side has gone or nothing moved for a while."""
    browser.settimeout(IDLE_SECONDS)
    while True:
        ready: list[socket.socket] = [browser] if browser.pending() else []
        if not ready:
            ready, _, _ = select.select([browser, page], [], [], IDLE_SECONDS)
        if not ready:
            return
        for side in ready:
            part = side.recv(CHUNK)
            if not part:
                return
            (page if side is browser else browser).sendall(part)
