"""One worker: a portal with its carriers, served until it is told to stop. Built from values, here and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass

from web.login_portal.carriers import Embedded, Several
from web.login_portal.clock import system_clock
from web.login_portal.config import Config
from web.login_portal.logbook import Logbook
from web.login_portal.portal import open_portal
from web.login_portal.serving import PortalServer
from web.login_portal.store.doorbell import Doorbell
from web.login_portal.store.postgresql import database_url


@dataclass(frozen=True, slots=True)
class Worker:
    """What every worker of one portal is given."""

    config: Config
    proxies: tuple[str, ...]
    log: Logbook

    def work(self, listening: socket.socket, ready: Callable[[], None]) -> None:
        """Serve until stopped; `ready` is called when connections are accepted."""
        streams = Embedded()
        carrier = Several() if self.config.database else streams
        portal = open_portal(self.config, carrier, system_clock, self.log)
        with ExitStack() as ends:
            ends.enter_context(closing(portal.database))
            if self.config.database:
                ends.callback(self._listen(streams).stop)
            PortalServer(portal, streams, list(self.proxies), ready).run(sockets=[listening])
        self.log.note("portal stopped")

    def _listen(self, streams: Embedded) -> Doorbell:
        """Wake our streams for letters that any worker, this one too, laid ready: in the order of the commits."""
        url = database_url(self.config.database)
        doorbell = Doorbell(url, streams.ring, streams.ring_all, self.log)
        doorbell.start()
        return doorbell
