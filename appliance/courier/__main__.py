"""The courier: the only process with a way out. It carries signed letters and sealed errands; it holds no secret.

It stores nothing: after a restart it asks the authenticator which lines to keep and reads each inbox anew.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import threading
import time
from pathlib import Path

from appliance.courier.broker_lines import BrokerLines
from appliance.courier.errand_desk import ErrandDesk
from appliance.courier.exchange import default_trust, no_trust
from appliance.courier.fetch_desk import FetchDesk
from appliance.courier.line_keeper import LineKeeper
from appliance.courier.line_runner import LineRunner
from appliance.courier.poll_runner import PollRunner
from appliance.courier.roads import Roads
from appliance.wire.carrying import Link
from appliance.wire.client import ControlClient
from appliance.wire.heartbeat import Beating
from appliance.wire.safekeeping import Way


def main() -> None:
    """`python -m appliance.courier --run DIR`: work until the process is ended."""
    options = argparse.ArgumentParser(prog="courier", description=__doc__)
    options.add_argument("--run", type=Path, required=True, help="folder of the control sockets")
    run_dir: Path = options.parse_args().run
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines carry addresses
    threading.excepthook = _fall
    desk = ControlClient(run_dir / "control" / "courier.sock", "courier")
    roads = Roads(default_trust())
    chance = random.SystemRandom().random

    careless, lines = Roads(no_trust()), BrokerLines()

    def start(link: Link) -> LineRunner | PollRunner:
        client = careless.own() if link.unchecked else roads.own()
        if link.kind == "push":
            return PollRunner(link, desk, client, clock=time.monotonic, chance=chance)
        return LineRunner(link, desk, client, lines, clock=time.monotonic, chance=chance)

    def take(way: Way) -> None:
        roads.take(way)
        careless.take(way)

    errands = ErrandDesk(desk, roads.shared, time.monotonic, lines, careless.shared)
    threading.Thread(target=errands.run, name="errands", daemon=True).start()
    files = FetchDesk(desk, roads.shared, time.monotonic)
    threading.Thread(target=files.run, name="files", daemon=True).start()
    beating = Beating(desk, os.environ.get("NOTIFY_SOCKET", ""))
    LineKeeper(beating, start, take).run()


def _fall(failure: threading.ExceptHookArgs) -> None:
    """A thread that broke takes the process with it: it is started again whole. The log gets no data."""
    logging.getLogger("courier").error("broken: %s", failure.exc_type.__name__)
    os._exit(1)


if __name__ == "__main__":
    main()
