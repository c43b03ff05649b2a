"""The porter: `python -m appliance.porter --state DIR --to SOCKET [--run DIR] [--port N] [--name NAME]…`.

Takes browsers on the socket that systemd passed in (sd_listen_fds(3): number 3), speaks TLS with them, and tells the
authenticator the certificate's fingerprint, so that the panel can show it.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import ssl
import sys
import time
from pathlib import Path
from threading import Event, Thread

from appliance.core.errors import DeskTokenError
from appliance.porter.certificate import Credential, credential
from appliance.porter.relay import Relay
from appliance.wire.call import Done
from appliance.wire.client import Caller, ControlClient
from appliance.wire.heartbeat import Beating
from appliance.wire.upkeep import Certificate, NameList, Names

WAIT, AGAIN = 25.0, 1.0
log = logging.getLogger("porter")


class Keyring:
    """The certificate of the moment. One thread renews it, the relay's threads read it."""

    def __init__(self, folder: Path, extra: tuple[str, ...], desk: Caller) -> None:
        self._folder = folder
        self._extra = extra
        self._desk = desk
        self._names: tuple[str, ...] = ()
        self._life = ""
        self._current: Credential | None = None
        self.ready = Event()

    def context(self) -> ssl.SSLContext:
        """What to speak TLS with now; call it when `ready` is set."""
        if self._current is None:
            raise ssl.SSLError("no certificate yet")
        return self._current.context

    def keep_up(self) -> None:
        """Follow the device's names, renew in time, and tell the panel; for ever."""
        while True:
            try:
                self._round()
            except DeskTokenError:
                self._names, self._life = (), ""
                Event().wait(AGAIN)

    def _round(self) -> None:
        wait = WAIT if self._names else 0.0
        told = self._desk.call(Names(self._names, wait, self._life), NameList, wait)
        names = (*told.names, *self._extra) or ("desk-token.local",)
        self._current = credential(self._folder, names, time.time(), told.life)
        self._names, self._life = told.names, told.life
        self._desk.call(Certificate(self._current.fingerprint), Done)
        self.ready.set()


def main() -> int:
    """Run until the process is ended."""
    options = argparse.ArgumentParser(prog="porter", description=__doc__)
    options.add_argument("--run", type=Path, default=Path("/run/desk-token"))
    options.add_argument("--state", type=Path, default=Path("/var/lib/desk-token-porter"))
    options.add_argument("--to", type=Path, default=Path("/run/desk-token/page.sock"))
    options.add_argument("--port", type=int, help="listen here on 127.0.0.1, not on what is passed")
    options.add_argument("--name", action="append", default=[], help="another name of the device")
    chosen = options.parse_args()
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    asked = ControlClient(chosen.run / "control" / "porter.sock", "porter")
    desk = Beating(asked, os.environ.get("NOTIFY_SOCKET", ""))
    keyring = Keyring(chosen.state, tuple(chosen.name), desk)
    Thread(target=keyring.keep_up, daemon=True).start()
    keyring.ready.wait()
    listening = (
        socket.socket(fileno=3)
        if chosen.port is None
        else socket.create_server(("127.0.0.1", chosen.port))
    )
    log.info("serving")
    Relay(listening, chosen.to, keyring.context).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
