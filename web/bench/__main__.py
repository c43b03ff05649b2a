"""A virtual token alone: the device's real processes on simulated hardware, and the bench page around them.

Builds everything once and takes it down again; whatever way it ends, no process of the device stays behind.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from flask import Flask

from appliance.core.errors import DeskTokenError
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from web.bench.app import create_app
from web.bench.device_programs import device_programs, page_address
from web.bench.doors import free_port, listen, listen_near, port_of
from web.bench.gauges import simulated_gauges
from web.bench.serving import served
from web.bench.supervisor import Supervisor

PORT = 8090
DATA = Path.home() / ".local" / "share" / "desk-token" / "bench"
_FIRST_FRAME = 60.0


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=DATA,
    help="Where the device keeps its records.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"Port of the bench page; {PORT} if free."
)
@click.option("--keys", type=click.Choice(["one", "three", "joystick"]), default="one")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl")
@click.option("--system-bus", default="", help="A D-Bus address: run the network steward on it.")
@click.option(
    "--run", type=click.Path(path_type=Path), help="A new folder for the device's sockets."
)
def main(
    data: Path, port: int | None, keys: str, language: str, system_bus: str, run: Path | None
) -> None:
    """A virtual token in your browser: panel, button, light and camera."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        door = _door(port)
        with (
            door,
            _bench(data, run, keys, language, system_bus) as (app, world, awake),
            served(app, door),
        ):
            _tell_when_ready(world, awake, port_of(door), data, stop)
            stop.wait()
    except DeskTokenError as trouble:
        raise click.ClickException(str(trouble)) from None


def _door(port: int | None) -> socket.socket:
    if port is not None:
        return listen(port)
    door, wished = listen_near(PORT)
    if not wished:
        click.echo(
            f"Port {PORT} is in use by another program, so the bench took another one.", err=True
        )
    return door


@contextlib.contextmanager
def _bench(
    data: Path, chosen: Path | None, keys: str, language: str, bus: str
) -> Iterator[tuple[Flask, World, Callable[[], bool]]]:
    """A powered device and its application; every process is gone afterwards."""
    state = data / "state"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = chosen or Path(tempfile.mkdtemp(prefix="desk-token-"))
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    simulated_gauges(run / "sys")
    page_port = free_port(0)
    world = World(time.monotonic)
    server = WorldServer(run, world)
    programs = device_programs(run, state, keys, language, page_port, bus)
    device = Supervisor(programs, run, data / "bench.log", world, page_address(page_port))
    try:
        device.power(on=True)
        open_for_calls = run / "control" / "page.sock"
        yield create_app(world, device, keys, language), world, open_for_calls.exists
    finally:
        device.close()
        server.close()
        shutil.rmtree(run, ignore_errors=True)


def _tell_when_ready(
    world: World, awake: Callable[[], bool], port: int, data: Path, stop: threading.Event
) -> None:
    """Say where the bench is, once the device has opened its records and shows something."""
    now, until = world.now, world.monotonic() + _FIRST_FRAME
    while not awake() and world.monotonic() < until and not stop.is_set():
        now = world.wait(now.version, 0.1)
    if now.glass is None or not awake():
        click.echo(f"The panel stays dark; {data / 'bench.log'} says why.", err=True)
        return
    click.echo(f"bench ready http://127.0.0.1:{port}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
