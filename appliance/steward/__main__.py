"""The steward: `python -m appliance.steward [--run DIR] [--bus ADDRESS]`.

Asks the authenticator for orders, does them on the system bus, and reports the network. An order was granted by a
hold before it comes here; a password in it goes to NetworkManager and nowhere else.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from threading import Event, Thread

from appliance.core.errors import DeskTokenError
from appliance.steward.bus import Bus
from appliance.steward.orders import Steward
from appliance.steward.watch import watch
from appliance.wire.client import Caller, ControlClient
from appliance.wire.heartbeat import Beating

AGAIN = 2.0
log = logging.getLogger("steward")


def main() -> int:
    """Run until the process is ended; trouble with the bus or the authenticator is tried again."""
    options = argparse.ArgumentParser(prog="steward", description=__doc__)
    options.add_argument("--run", type=Path, default=Path("/run/desk-token"))
    options.add_argument("--bus", default="SYSTEM", help="address of the system bus")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    asked = ControlClient(chosen.run / "control" / "steward.sock", "steward")
    Thread(target=watch, args=(chosen.bus, asked), name="network", daemon=True).start()
    desk = Beating(asked, os.environ.get("NOTIFY_SOCKET", ""))
    while True:
        try:
            _live(desk, chosen.bus)
        except DeskTokenError as trouble:
            log.info("waiting: %s", trouble)
            Event().wait(AGAIN)


def _live(desk: Caller, address: str) -> None:
    bus = Bus(address)
    try:
        steward = Steward(bus, desk)
        while True:
            steward.turn()
    finally:
        bus.close()


if __name__ == "__main__":
    sys.exit(main())
