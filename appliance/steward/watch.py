"""Hears from NetworkManager when the network comes, goes or becomes another one, and says so at once.

It has a thread and a line to the bus of its own, because the orders' thread waits for the authenticator. It reads
nothing but that; how the network is, the steward reports.
"""

from __future__ import annotations

import logging
from contextlib import closing
from threading import Event

from appliance.core.errors import DeskTokenError
from appliance.steward.bus import Bus
from appliance.steward.networks import ROOT, Networks, at
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.upkeep import NetworkMoved

AGAIN = 2.0
NOWHERE = (False, "/")
log = logging.getLogger("steward")


def watch(address: str, desk: Caller) -> None:
    """Until the process ends; trouble with the bus or the authenticator is tried again."""
    while True:
        try:
            with closing(Bus(address)) as bus:
                follow(bus, desk)
        except DeskTokenError as trouble:
            log.info("network not watched: %s", trouble)
            Event().wait(AGAIN)


def follow(bus: Bus, desk: Caller) -> None:
    """Tell of every move; a network that is there at the beginning is one. Raises BusTrouble, PeerTrouble."""
    networks, known = Networks(bus), NOWHERE
    for _ in bus.changes(at(ROOT)):
        now = networks.way()
        if now != known:
            log.info("network %s", "is there" if now[0] else "is gone")
            desk.call(NetworkMoved(), Done)
            known = now
