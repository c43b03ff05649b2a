"""The whole story on one machine: the portal, a virtual token, a demo user, and what to do with them.

It only starts the two programs that a person would start by hand, and stops both when it is stopped.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click

from appliance.core.errors import DeskTokenError
from web.bench.doors import free_port, listen
from web.bench.program import Program

PERSON, DISPLAY, PHONE = "jan", "Jan de Vries", "+31 6 12345678"
PASSWORD = "kopje-koffie-op-spoor-5"
PORTAL_PORT, BENCH_PORT = 8080, 8090
_PORTAL = (sys.executable, "-c", "from web.login_portal.command import main; main()")
_BENCH = (sys.executable, "-m", "web.bench")
_STORY = """
  portal      {portal}
  token       {bench}
  outbox      {portal}/outbox   (where the demo's text messages arrive)
  user        {person}
  password    {password}

  1. Sign in at the portal; it shows a QR code.
  2. On the token's page hold the button, and let the camera see it: "Look at a browser window", or paste a screenshot.
  3. Hold to accept; take the confirm code from the outbox and dial it (tap = one up, hold = next digit).
  4. Sign in again: choose on the token the two digits that the portal shows, and hold to approve.
  5. Say no, let one expire, type the six digits instead, pull the plug: nothing is lost.

Ctrl-C stops everything."""


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("build/demo"), show_default=True
)
@click.option("--portal-port", type=click.IntRange(0, 65535), help=f"{PORTAL_PORT} if free")
@click.option("--bench-port", type=click.IntRange(0, 65535), help=f"{BENCH_PORT} if free")
def main(data: Path, portal_port: int | None, bench_port: int | None) -> None:
    """Portal and virtual token together, with a demo user."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    data = data.absolute()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _run(
            data,
            _port("portal", portal_port, PORTAL_PORT),
            _port("token", bench_port, BENCH_PORT),
            stop,
        )
    except DeskTokenError as trouble:
        raise click.ClickException(str(trouble)) from None


def _run(data: Path, portal_port: int, bench_port: int, stop: threading.Event) -> None:
    add_person(data / "portal")
    with contextlib.ExitStack() as running:

        def start(name: str, command: Sequence[str], folder: Path, port: int) -> Program:
            words = (*command, "--data", str(folder), "--port", str(port))
            program = Program(name, words, data / f"{name}.log")
            running.callback(program.stop)
            return program

        portal = start("portal", (*_PORTAL, "serve"), data / "portal", portal_port)
        bench = start("token", _BENCH, data / "token", bench_port)
        told = {"portal": portal.address, "bench": bench.address}
        click.echo(_STORY.format(person=PERSON, password=PASSWORD, **told))
        while not stop.wait(0.5):
            for program in (portal, bench):
                if not program.running:
                    raise DeskTokenError(f"The {program.name} has stopped; {data} has its log")


def add_person(portal: Path) -> None:
    """Add the demo user to this portal, unless it knows the name already. Raises DeskTokenError."""
    command = (*_PORTAL, "user")
    where = ("--data", str(portal))
    known = subprocess.run([*command, "list", *where], capture_output=True, text=True, check=False)
    if any(line.split("\t")[0] == PERSON for line in known.stdout.splitlines()):
        return
    words = ("add", *where, "--display", DISPLAY, "--phone", PHONE, "--password-stdin", PERSON)
    added = subprocess.run(
        [*command, *words], input=f"{PASSWORD}\n", capture_output=True, text=True, check=False
    )
    if added.returncode:
        raise DeskTokenError(f"The demo user could not be added: {added.stderr.strip()}")


def _port(what: str, wished: int | None, usual: int) -> int:
    if wished is not None:
        listen(wished).close()
        return wished
    port = free_port(usual)
    if port != usual:
        click.echo(f"Port {usual} is in use by another program, so the {what} takes port {port}.")
    return port


if __name__ == "__main__":
    main()
