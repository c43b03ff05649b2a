"""The device page: a technician's browser finishes and looks after this token. Closed unless the button opened it.

Its only ways out are the control socket and the one listening socket; it holds no secret and stores nothing.
"""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import time
from pathlib import Path
from threading import Event, Thread

from appliance.wire.client import ControlClient
from web.device_page.app import create_app
from web.device_page.house import House
from web.device_page.serving import listening_on, serve
from web.device_page.watching import watch


def main() -> None:
    """`python -m web.device_page --run DIR [--port N | --fd N] [--host NAME]…`."""
    options = argparse.ArgumentParser(prog="device_page", description=__doc__)
    options.add_argument("--run", type=Path, required=True, help="folder of the control sockets")
    where = options.add_mutually_exclusive_group()
    where.add_argument("--port", type=int, default=8081, help="listen on this port of 127.0.0.1")
    where.add_argument("--fd", type=int, help="a listening socket that was passed in")
    options.add_argument("--host", action="append", default=[], help="another name to answer to")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    desk = ControlClient(chosen.run / "control" / "page.sock", "page")
    names = frozenset({"localhost", "127.0.0.1", "[::1]", *(name.lower() for name in chosen.host)})
    house = House(desk, time.monotonic, names)
    Thread(target=watch, args=(house, Event()), daemon=True).start()
    passed_in = chosen.fd is not None
    listening = socket.socket(fileno=chosen.fd) if passed_in else listening_on(chosen.port)
    serve(create_app(house), listening)


if __name__ == "__main__":
    main()
