"""The authenticator: the only process that sees secrets, panel and buttons. It has no network.

`python -m appliance.authenticator --run DIR --state DIR --hardware simulated`, or `--config FILE` on a device.
SIGUSR1 announces that the power will be cut and SIGUSR2 an update: the next end leaves those words on the panel.
Logs past-tense facts to standard error, never a code, a key, a link or a picture.
"""

from __future__ import annotations

import argparse
import logging
import os
import pwd
import signal
import sys
from pathlib import Path

from appliance import config
from appliance.authenticator.assembly import Options, build
from appliance.authenticator.guards.choice import choose as choose_guard
from appliance.authenticator.guards.choice import of_this_machine
from appliance.authenticator.journal import Journal
from appliance.authenticator.loop import Announced, Stop
from appliance.authenticator.painter import Painter
from appliance.authenticator.serial_number import serial_number
from appliance.authenticator.watchdog import Watchdog
from appliance.core.errors import DeskTokenError
from appliance.core.key_words import ONE, key_set
from appliance.hardware import Parts, choose
from appliance.wire.config_file import Config, ConfigTrouble
from appliance.wire.ipc import CALLS

USERS = {
    "courier": "desk-token-net",
    "page": "desk-token-page",
    "console": "desk-token-console",
    "steward": "desk-token-steward",
    "porter": "desk-token-porter",
}
BAD_CONFIG = 78
log = logging.getLogger("authenticator")


def main() -> int:
    """Run until SIGTERM; 78 for a configuration that a person must mend, 1 for anything unforeseen."""
    arguments = _arguments()
    logging.basicConfig(
        level=logging.INFO, format="%(name)s: %(levelname)s %(message)s", stream=sys.stderr
    )
    journal = Journal()
    logging.getLogger().addHandler(journal)
    os.umask(0o027)
    try:
        return _run(arguments, journal)
    except ConfigTrouble as trouble:
        log.error("configuration refused: %s", trouble)
        return BAD_CONFIG
    except DeskTokenError as trouble:
        log.error("not started: %s", trouble)
    except Exception as broken:
        place = broken.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        line = place.tb_lineno if place else 0
        name = Path(place.tb_frame.f_code.co_filename).name if place else "?"
        log.error("broke kind=%s at=%s:%d", type(broken).__name__, name, line)
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="authenticator", description=__doc__)
    parser.add_argument("--config", type=Path, help="the device's configuration file")
    parser.add_argument("--run", type=Path, help="folder of the sockets")
    parser.add_argument("--state", type=Path, help="folder of the records")
    parser.add_argument("--hardware", help="`simulated`, or nothing for the configured board")
    parser.add_argument("--keys", choices=("one", "three", "joystick"))
    parser.add_argument("--language", choices=("nl", "en"))
    parser.add_argument("--page", help="address of the device page, as people type it")
    parser.add_argument("--scanner", type=Path, help="socket of the scanner")
    return parser.parse_args()


def _run(arguments: argparse.Namespace, journal: Journal) -> int:
    settled = config.load(arguments.config) if arguments.config else None
    options = _options(arguments, settled, journal)
    parts = _parts(arguments.hardware, options.run, settled)
    display = settled.board.display if settled else None
    painter = Painter(display.width, display.height) if display else Painter()
    guards = () if arguments.hardware == "simulated" else of_this_machine(options.state)
    provider = choose_guard(options.state, guards)
    watchdog = Watchdog(os.environ.get("NOTIFY_SOCKET", ""), lambda: parts.clock.now().monotonic)
    house = build(options, parts, painter, provider, watchdog.alive)
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


def _parts(hardware: str | None, run: Path, settled: Config | None) -> Parts:
    board = settled.board if settled else None
    name = hardware or (board.name if board else "simulated")
    return choose(name, run, board, settled.rotate if settled else 0)


def _options(arguments: argparse.Namespace, settled: Config | None, journal: Journal) -> Options:
    run = arguments.run or Path(settled.paths.run if settled else "/run/desk-token")
    state = arguments.state or Path(settled.paths.state if settled else "/var/lib/desk-token")
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    serial = serial_number(state)
    return Options(
        run=run,
        state=state,
        scanner=arguments.scanner or run / "scanner.sock",
        page=arguments.page or f"https://{serial.lower()}.local",
        serial=serial,
        users={role: _users(role, settled) for role in CALLS},
        keys=arguments.keys,
        board_keys=key_set(settled.board.keys.pins()) if settled else ONE,
        language=arguments.language or (settled.language if settled else None),
        allowed=settled.portal.allow if settled else (),
        journal=journal,
    )


def _users(role: str, settled: Config | None) -> frozenset[int]:
    """Whom the kernel must name as this role's caller: its own user on a device, ourselves on a bench."""
    if settled is None:
        return frozenset({os.getuid()})
    try:
        return frozenset({pwd.getpwnam(USERS[role]).pw_uid})
    except KeyError:
        return frozenset({os.getuid()})


if __name__ == "__main__":
    sys.exit(main())
