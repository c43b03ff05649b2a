"""Runs the authenticator from its options until it is told to stop. Everything that takes long to read is read here.

Whoever starts the process has put the first words on the panel already; this module never decides what is shown.
"""

from __future__ import annotations

import argparse
import logging
import os
import pwd
import signal
import socket
from contextlib import suppress
from pathlib import Path

from appliance.authenticator.assembly import Options, build
from appliance.authenticator.boards import Boards
from appliance.authenticator.guards.choice import choose as choose_guard
from appliance.authenticator.guards.choice import of_this_machine
from appliance.authenticator.journal import Journal
from appliance.authenticator.loop import Announced, Stop
from appliance.authenticator.painter import Painter
from appliance.authenticator.serial_number import serial_number
from appliance.authenticator.watchdog import Watchdog
from appliance.core.key_words import JOYSTICK, ONE, THREE, key_set
from appliance.hardware.ports import Parts
from appliance.wire.config_file import Config
from appliance.wire.ipc import CALLS
from appliance.wire.local_name import local_name

USERS = {
    "courier": "desk-token-net",
    "page": "desk-token-page",
    "console": "desk-token-console",
    "steward": "desk-token-steward",
    "porter": "desk-token-porter",
    "updater": "desk-token-updater",
}
KEYS_OF = {
    ONE: ("ok",),
    THREE: ("ok", "next", "back"),
    JOYSTICK: ("ok", "back", "up", "down", "left", "right"),
}
log = logging.getLogger("authenticator")


def live(
    arguments: argparse.Namespace,
    run: Path,
    settled: Config | None,
    board: str,
    parts: Parts,
    painter: Painter,
    journal: Journal,
) -> int:
    """Build the house and live in it; 0 when it ended in order. Raises DeskTokenError."""
    options = _options(arguments, run, settled, board, journal)
    guards = () if arguments.hardware == "simulated" else of_this_machine(options.state)
    provider = choose_guard(options.state, guards)
    watchdog = Watchdog(os.environ.get("NOTIFY_SOCKET", ""), lambda: parts.clock.now().monotonic)
    house = build(options, parts, painter, provider, watchdog.alive)
    watchdog.vital = house.vital
    signal.signal(signal.SIGTERM, lambda *_: house.inbox.put(Stop()))
    signal.signal(signal.SIGINT, lambda *_: house.inbox.put(Stop()))
    signal.signal(signal.SIGUSR1, lambda *_: house.inbox.put(Announced("unplug")))
    signal.signal(signal.SIGUSR2, lambda *_: house.inbox.put(Announced("updating")))
    if house.vault.trouble:
        log.error("storage not opened: %s", house.vault.trouble)
    log.info("started storage=%r accounts=%d", house.vault.level, len(house.vault.accounts()))
    watchdog.ready()
    try:
        house.loop.run()
    finally:
        house.close()
    log.info("stopped")
    return 0


def _options(
    arguments: argparse.Namespace,
    run: Path,
    settled: Config | None,
    board: str,
    journal: Journal,
) -> Options:
    state = arguments.state or Path(settled.paths.state if settled else "/var/lib/desk-token")
    with suppress(OSError):  # the vault says on the panel what is wrong with it
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
    serial = serial_number(state)
    return Options(
        run=run,
        state=state,
        scanner=arguments.scanner or run / "scanner.sock",
        page=arguments.page or f"https://{local_name(socket.gethostname())}",
        host=socket.gethostname(),
        serial=serial,
        users={role: _users(role, settled) for role in CALLS},
        keys=arguments.keys,
        board_keys=key_set(settled.board.keys.pins()) if settled else ONE,
        language=arguments.language or (settled.language if settled else None),
        allowed=settled.portal.allow if settled else (),
        journal=journal,
        boards=Boards(arguments.config, state, board),
        roles=tuple(settled.board.keys.pins()) if settled else KEYS_OF[arguments.keys or ONE],
        update_source=settled.update.source if settled else "",
        system=run / "sys" if arguments.hardware == "simulated" else Path("/sys"),
    )


def _users(role: str, settled: Config | None) -> frozenset[int]:
    """Whom the kernel must name as this role's caller: its own user on a device, ourselves on a bench."""
    if settled is None:
        return frozenset({os.getuid()})
    try:
        return frozenset({pwd.getpwnam(USERS[role]).pw_uid})
    except KeyError:
        return frozenset({os.getuid()})
