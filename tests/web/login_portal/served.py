"""A portal that really listens: uvicorn in a thread on a free port, with the system's clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.web.login_portal.person import PASSWORD
from web.login_portal import people
from web.login_portal.carriers import Carrier, Embedded, Several
from web.login_portal.clock import system_clock
from web.login_portal.config import BrokerDoors, Config
from web.login_portal.logbook import Logbook
from web.login_portal.portal import Portal, open_portal
from web.login_portal.rules.addresses import origin
from web.login_portal.serving import PortalServer, listening_socket


@dataclass(frozen=True)
class Served:
    """A running portal with one person, Jan."""

    portal: Portal
    carrier: Embedded
    origin: str
    server: PortalServer
    thread: threading.Thread

    def stop(self) -> None:
        """Ask it to stop and wait until it has."""
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@contextmanager
def served(
    folder: Path,
    *,
    address: str = "",
    port: int = 0,
    others: tuple[Carrier, ...] = (),
    broker: BrokerDoors | None = None,
) -> Iterator[Served]:
    """Start a portal, wait until it accepts connections, and stop it afterwards. A second time Jan is there already."""
    listening = listening_socket("127.0.0.1", port)
    address = address or f"http://127.0.0.1:{listening.getsockname()[1]}"
    carrier, ready = Embedded(), threading.Event()
    config = Config(folder, origin(address), "Werkplek", broker=broker)
    told, log = Several((carrier, *others)), Logbook(logging.getLogger(address))
    portal = open_portal(config, told, system_clock, log)
    with portal.database.reading() as reading:
        known = people.named(reading, "jan")
    if known is None:
        portal.add_person("jan", PASSWORD, display="Jan de Vries", phone="+31612345678")
    server = PortalServer(portal, carrier, [], ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert ready.wait(20)
    running = Served(portal, carrier, address, server, thread)
    try:
        yield running
    finally:
        running.stop()
        portal.database.close()
