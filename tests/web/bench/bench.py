"""A whole bench for a test: the real HTTP server, the real world, and a small device connected to its socket."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from appliance.hardware.ports import Parts
from appliance.hardware.simulated.device import simulated_parts
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from web.bench.app import create_app
from web.bench.doors import listen, port_of
from web.bench.serving import served


class SmallDevice:
    """A device with a plug and no processes: pulling it only darkens the world."""

    page = "http://127.0.0.1:1"

    def __init__(self, world: World) -> None:
        self._world = world

    def power(self, *, on: bool) -> None:
        self._world.power(on=on)

    def processes(self) -> Mapping[str, str]:
        return {"authenticator": "running"}


@dataclass(frozen=True)
class Bench:
    """The bench from both of its sides: a browser's, and the device's."""

    browser: httpx.Client
    device: Parts
    world: World
    run: Path


@contextmanager
def bench(run: Path, language: str = "en", keys: str = "one") -> Iterator[Bench]:
    """A served bench with a connected device."""
    world = World(time.monotonic)
    server = WorldServer(run, world)
    device = simulated_parts(run)
    app = create_app(world, SmallDevice(world), keys, language)
    with listen(0) as door, served(app, door, threads=8):
        address = f"http://127.0.0.1:{port_of(door)}"
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as browser:
            yield Bench(browser, device, world, run)
    device.panel.close()
    server.close()
