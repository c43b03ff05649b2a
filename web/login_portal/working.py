"""One worker: a portal with its carriers, served until it is told to stop. Built from values, here and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial

from appliance.core.errors import StorageTrouble
from web.login_portal import inbox
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.broker.line import BrokerLine
from web.login_portal.carriers import Carrier, Embedded, Posted, Several
from web.login_portal.clock import system_clock
from web.login_portal.config import Config
from web.login_portal.device_api.answering import judged
from web.login_portal.keys import load_or_make
from web.login_portal.logbook import Logbook
from web.login_portal.operation.figures import Figures
from web.login_portal.portal import Portal, open_portal
from web.login_portal.serving import PortalServer
from web.login_portal.store.doorbell import Doorbell
from web.login_portal.store.postgresql import database_url


@dataclass(frozen=True, slots=True)
class Worker:
    """What every worker of one portal is given."""

    config: Config
    proxies: tuple[str, ...]
    log: Logbook
    metrics_port: int = 0

    def work(self, listening: socket.socket, ready: Callable[[], None], number: int = 0) -> None:
        """Serve until stopped; `ready` is called when connections are accepted. `number` is ours among the workers."""
        if self.metrics_port:
            figures, streams = Figures(), Embedded()
            counted = replace(self, log=replace(self.log, observers=(figures.heard,)))
            figures.watch("streams", "Devices that listen to this worker", lambda: streams.streams)
            with figures.served(self.metrics_port + number):
                counted.serve(streams, listening, ready)
        else:
            self.serve(Embedded(), listening, ready)

    def serve(self, streams: Embedded, listening: socket.socket, ready: Callable[[], None]) -> None:
        """The portal itself, with these streams."""
        line = self._line()
        others: tuple[Carrier, ...] = () if line is None else (line,)
        carrier = Several(others if self.config.database else (streams, *others))
        portal = open_portal(self.config, carrier, system_clock, self.log)
        with ExitStack() as ends:
            ends.enter_context(closing(portal.database))
            if line is not None:
                line.start(partial(_still_open, portal), partial(judged, portal))
                ends.callback(line.stop)
            if self.config.database:
                ends.callback(self._listen(streams).stop)
            PortalServer(portal, streams, list(self.proxies), ready).run(sockets=[listening])
        self.log.note("portal stopped")

    def _line(self) -> BrokerLine | None:
        """The line to the broker, if there is one."""
        doors = self.config.broker
        if doors is None:
            return None
        identity = BrokerIdentity(load_or_make(self.config.data))
        tls = identity.portal_line(system_clock())
        return BrokerLine(doors.portal, tls, system_clock, self.log, identity.group)

    def _listen(self, streams: Embedded) -> Doorbell:
        """Wake our streams for letters that any worker, this one too, laid ready: in the order of the commits."""
        url = database_url(self.config.database)
        doorbell = Doorbell(url, streams.ring, streams.ring_all, self.log)
        doorbell.start()
        return doorbell


def _still_open(portal: Portal) -> list[tuple[str, Posted]]:
    """What the broker is told when the line comes up; nothing from a store that is out of reach: that comes up too."""
    try:
        with portal.database.reading() as reading:
            return inbox.still_open(reading, portal.clock())
    except StorageTrouble as trouble:
        portal.log.note("store failed", reason=str(trouble))
        return []
