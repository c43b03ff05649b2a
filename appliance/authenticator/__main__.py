"""The authenticator: the only process that sees secrets, panel and buttons. It has no network.

`python -m appliance.authenticator --run DIR --state DIR --hardware simulated`, or `--config FILE` on a device.
SIGUSR1 announces that the power will be cut and SIGUSR2 an update: the next end leaves those words on the panel.
Logs past-tense facts to standard error, never a code, a key, a link or a picture.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from appliance.authenticator.journal import Journal
from appliance.authenticator.memory import keep_private
from appliance.authenticator.painter import Painter
from appliance.core.errors import DeskTokenError, HardwareMissing
from appliance.core.system_screens import STARTING
from appliance.hardware import Parts, choose
from appliance.wire.config_file import Config, ConfigTrouble

BAD_CONFIG = 78
RUN = "/run/desk-token"
log = logging.getLogger("authenticator")


def main() -> int:
    """Run until SIGTERM; 78 for a configuration that a person must mend, 1 for anything unforeseen."""
    sys.excepthook = lambda _, broken, place: _last_line(broken, place)
    threading.excepthook = _thread_broke
    arguments = _arguments()
    logging.basicConfig(
        level=logging.INFO, format="%(name)s: %(levelname)s %(message)s", stream=sys.stderr
    )
    journal = Journal()
    logging.getLogger().addHandler(journal)
    os.umask(0o027)
    keep_private()
    try:
        return _begin(arguments, journal)
    except ConfigTrouble as trouble:
        log.error("configuration refused: %s", trouble)
        _tell(trouble, arguments.config)
        return BAD_CONFIG
    except DeskTokenError as trouble:
        log.error("not started: %s", trouble)
    return 1


def _last_line(broken: BaseException, place: TracebackType | None) -> None:
    """What broke and where, in place of Python's own last words: those would name what was being handled."""
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    name = Path(place.tb_frame.f_code.co_filename).name if place else "?"
    line = place.tb_lineno if place else 0
    log.error("broke kind=%s at=%s:%d", type(broken).__name__, name, line)


def _thread_broke(failure: threading.ExceptHookArgs) -> None:
    """One caller's thread may end; a reader of keys or panel that did is missed by the watchdog."""
    if failure.exc_value is not None:
        _last_line(failure.exc_value, failure.exc_traceback)


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


def _begin(arguments: argparse.Namespace, journal: Journal) -> int:
    """First words on the panel, then all the rest: nobody should look at a dark device and pull its plug."""
    settled, name = _settled(arguments.config) if arguments.config else (None, "simulated")
    run = arguments.run or Path(settled.paths.run if settled else RUN)
    parts = _parts(arguments.hardware, run, settled)
    display = settled.board.display if settled else None
    painter = Painter(display.width, display.height) if display else Painter()
    language = arguments.language or (settled.language if settled else "nl")
    with suppress(HardwareMissing):
        parts.panel.show(painter.paint(STARTING, language))
    from appliance.authenticator import running  # noqa: PLC0415 - the panel speaks before the rest is read

    return running.live(arguments, run, settled, name, parts, painter, journal)


def _settled(file: Path) -> tuple[Config, str]:
    from appliance.authenticator import boards  # noqa: PLC0415 - a bench has none

    return boards.settled(file)


def _tell(trouble: ConfigTrouble, file: Path) -> None:
    from appliance.authenticator import refusal  # noqa: PLC0415 - a start in order needs none of it

    refusal.tell(trouble, file)


def _parts(hardware: str | None, run: Path, settled: Config | None) -> Parts:
    board = settled.board if settled else None
    name = hardware or (board.name if board else "simulated")
    return choose(name, run, board, settled.rotate if settled else 0)


if __name__ == "__main__":
    sys.exit(main())
