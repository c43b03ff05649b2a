"""The portal under load, as a process of its own: many linked tokens, and logins that begin when a datagram says so.

A datagram names a person; what happens is what happens after an accepted password: the database, the signature, the
letter. Passwords are left out: hashing one is meant to cost 20 ms.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path

import msgspec

from appliance.wire.enrolment import Card, OtpSeed
from appliance.wire.jose import Jwk, sign
from web.login_portal import people, requests, tokens
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.broker.line import BrokerLine
from web.login_portal.carriers import Carrier, Embedded, Several
from web.login_portal.clock import system_clock
from web.login_portal.config import BrokerDoors, Config
from web.login_portal.device_api.answering import judged
from web.login_portal.keys import load_or_make
from web.login_portal.logbook import Logbook
from web.login_portal.passports import KIND, LIFE, Bearer
from web.login_portal.people import Person
from web.login_portal.portal import Portal, open_portal
from web.login_portal.rules.addresses import origin
from web.login_portal.serving import PortalServer, listening_socket
from web.login_portal.working import _still_open

AT_ONCE = 8
"""Threads that take logins, as the pages' threads take passwords."""


def fleet(portal: Portal, devices: int, key: Jwk) -> list[tuple[Person, str, str]]:
    """So many people with a token each, and an access token for it; all tokens have one key, which costs no time."""
    made: list[tuple[Person, str, str]] = []
    now = time.time()
    card = Card(key, key, "DT", "load", "plain")
    with portal.database.writing() as writing:
        for number in range(devices):
            about = {"display": f"Person {number}", "phone": "", "match": "press"}
            person = people.add(writing, f"p{number}", "-", now, **about)
            device = f"d{number:06d}-load"
            seed = tokens.sealed(OtpSeed("A" * 32), device, portal.keys)
            tokens.add(writing, device, person.id, card=card, sealed_seed=seed, now=now)
            bearer = Bearer(device, now + LIFE)
            access = sign(msgspec.json.encode(bearer), portal.keys.bearer, "HS256", KIND)
            made.append((person, device, access))
    return made


def main(folder: Path, devices: int, key: str, doors: str) -> None:
    """Serve until standard input ends."""
    logging.getLogger("load").addHandler(logging.NullHandler())
    log = Logbook(logging.getLogger("load"))
    listening = listening_socket("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    streams = Embedded()
    others: list[Carrier] = [streams]
    line = None
    broker = None
    if doors:
        ports = [int(word) for word in doors.split(",")]
        broker = BrokerDoors(("127.0.0.1", ports[0]), ("127.0.0.1", ports[1]))
        identity = BrokerIdentity(load_or_make(folder))
        tls = identity.portal_line(time.time())
        line = BrokerLine(broker.portal, tls, system_clock, log, identity.group)
        others.append(line)
    config = Config(folder, origin(address), broker=broker)
    portal = open_portal(config, Several(tuple(others)), system_clock, log)
    made = fleet(portal, devices, msgspec.json.decode(key, type=Jwk))
    by_device = {device: person for person, device, _ in made}
    (folder / "access.json").write_bytes(msgspec.json.encode([(d, a) for _, d, a in made]))
    if line is not None:
        line.start(partial(_still_open, portal), partial(judged, portal))
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    bell.bind(str(folder / "bell"))

    def begin(device: str) -> None:
        portal.sign_ins.begin(requests.new_id(), by_device[device], "here", time.time())

    def listen() -> None:
        while True:
            begin(bell.recv(200).decode())

    for _ in range(AT_ONCE):
        threading.Thread(target=listen, daemon=True).start()

    def ready() -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()

    server = PortalServer(portal, streams, [], ready)
    threading.Thread(target=_until_told, args=(server,), daemon=True).start()
    server.run(sockets=[listening])
    if line is not None:
        line.stop()


def _until_told(server: PortalServer) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
