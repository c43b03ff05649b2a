"""The updater: `python -m appliance.updater --run DIR --state DIR --root DIR --keys FILE`.

Started by its socket when the authenticator rings, and at a start while a slot is on trial; gone when it is idle. It
does what a hold on the device granted. 75 asks the service manager for a new start, from the slot that is current now.
"""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Event
from typing import IO

from appliance.core.errors import DeskTokenError, Refused
from appliance.updater.bell import passed_in
from appliance.updater.engine import Engine
from appliance.updater.guard import SLOTS
from appliance.updater.health import PATIENCE
from appliance.updater.runner import Runner
from appliance.updater.services import Services, SimulatedServices, SystemServices
from appliance.updater.shift import serve
from appliance.updater.slots import Slots
from appliance.updater.spool import Spool
from appliance.wire.bundle import Here
from appliance.wire.client import ControlClient

log = logging.getLogger("updater")


def main() -> int:
    """Work until there is nothing to do, or (`--stay`) until the process is ended."""
    chosen = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    os.umask(0o022)  # the other processes read the slots
    for folder in (chosen.root / SLOTS, chosen.state):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        with _alone(chosen.state):
            return _live(chosen)
    except DeskTokenError as trouble:
        log.error("not started: %s", trouble)
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="updater", description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("/run/desk-token"))
    parser.add_argument("--state", type=Path, default=Path("/var/lib/desk-token-updater"))
    parser.add_argument("--root", type=Path, default=Path("/opt/desk-token"))
    parser.add_argument("--keys", type=Path, default=Path("/usr/share/desk-token/root.json"))
    parser.add_argument("--media", type=Path, action="append", default=[], help="where sticks are")
    parser.add_argument("--hardware", help="`simulated`: nothing is restarted")
    parser.add_argument("--bus", default="SYSTEM", help="address of the system bus")
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds to work within")
    parser.add_argument("--stay", action="store_true", help="do not end when idle")
    return parser.parse_args()


def _live(chosen: argparse.Namespace) -> int:
    desk = ControlClient(chosen.run / "control" / "updater.sock", "updater")
    here = Here(
        _software(), "", platform.machine(), f"cp{sys.version_info[0]}{sys.version_info[1]}"
    )
    engine = Engine(Slots(chosen.root), chosen.state, Spool(chosen.state), chosen.keys, here)
    services: Services = SimulatedServices() if chosen.hardware else SystemServices(chosen.bus)
    sticks = tuple(chosen.media) or (Path("/media"), Path("/run/media"))
    wait = Event().wait
    runner = Runner(engine, desk, services, sticks, time.monotonic, wait, chosen.patience)
    rang = passed_in(os.environ).rang
    return serve(runner, engine, rang, time.monotonic, wait, stay=chosen.stay)


def _software() -> str:
    try:
        return version("desk-token")
    except PackageNotFoundError:
        return "0.0.0"


def _alone(state: Path) -> IO[bytes]:
    """The one updater of this device. Raises Refused when there is another."""
    lock = (state / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        lock.close()
        raise Refused("Another update is under way") from taken
    return lock


if __name__ == "__main__":
    sys.exit(main())
