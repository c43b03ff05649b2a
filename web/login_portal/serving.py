"""The portal as one uvicorn process: pages and transactions on worker threads, the streams on the event loop.

Binds its own socket, so that a pulled cable is noticed, and ends every open stream before it stops.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import uvicorn

from appliance.core.errors import DeskTokenError, StorageTrouble
from appliance.wire.letters import ANSWERS, INBOX
from web.login_portal.bridge import Bridge
from web.login_portal.carriers import Embedded
from web.login_portal.device_api.answering import Answering
from web.login_portal.device_api.asgi import Receive, Scope, Send
from web.login_portal.device_api.inbox_stream import InboxStream
from web.login_portal.operation.health import LIVE, READY, Health
from web.login_portal.pages.application import BODY_CAP, CAPS, application
from web.login_portal.patience import Patient
from web.login_portal.portal import Portal

WORKERS, BACKLOG, CABLE_PULLED = 40, 4096, 20_000
SWEEP, TIDY, TURN = 0.5, 600, 0.0005


def listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket; connections whose other end vanished are given up after 20 s. Raises DeskTokenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, CABLE_PULLED)
    try:
        listening.bind((host, port))
    except OSError as taken:
        listening.close()
        raise DeskTokenError("The portal's address is in use or does not exist") from taken
    return listening


class PortalServer(uvicorn.Server):
    """A uvicorn server that says when it is ready, and lets its streams go before it stops."""

    def __init__(
        self, portal: Portal, carrier: Embedded, proxies: list[str], ready: Callable[[], None]
    ) -> None:
        health = Health(portal.database)
        super().__init__(_settings(portal, carrier, proxies, health))
        self._portal, self._carrier, self._ready = portal, carrier, ready
        self._health = health
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)
        self._dispatch = threading.Thread(
            target=portal.dispatch.run, args=[self._stopping], name="dispatch", daemon=True
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so. A thread that works lets the streams have their turn after half a millisecond.

        What was built until now stays until the end: the garbage collector, which stops everything for a tenth of a
        second to look through it, passes it by.
        """
        sys.setswitchinterval(TURN)
        gc.freeze()
        self._carrier.attach(asyncio.get_running_loop())
        await super().startup(sockets)
        self._sweeper.start()
        self._dispatch.start()
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Push an end mark to every stream, then stop."""
        self._health.stopping = True
        self._stopping.set()
        self._carrier.end_all()
        await super().shutdown(sockets)
        await asyncio.to_thread(self._sweeper.join, 5)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in good order, and leave with a good exit code."""
        del sig, frame
        self.should_exit = True

    def _sweep(self) -> None:
        """Time goes by: logins expire, old records are forgotten. A store in trouble is tried again."""
        turns = 0
        while not self._stopping.wait(SWEEP):
            try:
                self._portal.sweep()
                if turns % int(TIDY / SWEEP) == 0:
                    self._portal.tidy()
            except StorageTrouble:
                self._portal.log.note("sweep failed", reason="the store cannot be written")
            turns += 1


def _settings(
    portal: Portal, carrier: Embedded, proxies: list[str], health: Health
) -> uvicorn.Config:
    workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="worker")
    pages = Bridge(application(portal), workers, BODY_CAP, CAPS)
    inbox, answering = InboxStream(portal, carrier), Answering(portal, workers)

    async def portal_app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == INBOX:
            await inbox(scope, receive, send)
        elif scope["path"] == ANSWERS:
            await answering(scope, receive, send)
        elif scope["path"] in {LIVE, READY}:
            await health(scope, send)
        else:
            await pages(scope, receive, send)

    return uvicorn.Config(
        portal_app,
        lifespan="off",
        ws="none",
        loop="uvloop",
        http=Patient,
        access_log=False,
        log_config=None,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=3,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
