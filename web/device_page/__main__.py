"""The device page: a technician's browser finishes and looks after this token. Closed unless the button opened it.

Its only ways out are the control socket and the sockets on which it listens; it holds no secret and stores nothing.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread

from appliance.wire.client import ControlClient
from appliance.wire.heartbeat import Beating
from appliance.wire.local_name import local_name
from web.device_page.app import create_app
from web.device_page.house import House
from web.device_page.serving import cookie_of, listening_on, local_socket, serve
from web.device_page.watching import watch


def main() -> None:
    """`python -m web.device_page --run DIR [--port N | --fd N | --local PATH] [--host NAME]…`."""
    options = argparse.ArgumentParser(prog="device_page", description=__doc__)
    options.add_argument("--run", type=Path, default=Path("/run/desk-token"), help="run folder")
    where = options.add_mutually_exclusive_group()
    where.add_argument("--port", type=int, help="listen on this port of 127.0.0.1 (8081)")
    where.add_argument("--fd", type=int, help="a socket that was passed in")
    where.add_argument("--local", type=Path, help="listen on this local socket, for the porter")
    options.add_argument("--host", action="append", default=[], help="another name to answer to")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    asked = ControlClient(chosen.run / "control" / "page.sock", "page")
    desk = Beating(asked, os.environ.get("NOTIFY_SOCKET", ""))
    named = (local_name(socket.gethostname()), *(name.lower() for name in chosen.host))
    names = frozenset({"localhost", "127.0.0.1", "[::1]", *named})
    house = House(desk, time.monotonic, names)
    Thread(target=watch, args=(house, Event()), daemon=True).start()

    def admitted(untrusted_headers: Mapping[str, str]) -> bool:
        known = house.doorman.known(cookie_of(untrusted_headers), house.clock(), touch=False)
        return known is not None

    sockets = _listening(chosen.port, chosen.fd, chosen.local)
    serve(create_app(house), *sockets, admitted=admitted)


def _listening(
    port: int | None, passed_in: int | None, local: Path | None
) -> tuple[socket.socket, ...]:
    """The sockets that systemd passed in (sd_listen_fds(3): from number 3 on), unless others were asked for."""
    if local is not None:
        return (local_socket(local),)
    if passed_in is not None:
        return (socket.socket(fileno=passed_in),)
    given = int(os.environ.get("LISTEN_FDS", "0")) if port is None else 0
    if given:
        return tuple(socket.socket(fileno=3 + number) for number in range(given))
    return (listening_on(8081 if port is None else port),)


if __name__ == "__main__":
    main()
