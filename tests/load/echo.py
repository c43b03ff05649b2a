"""The bar everything is held against: a bare mosquitto, Nagle off, no TLS, nothing signed, QoS 1.

It carries the same load as the portal, by clients of the same kind: as many devices, as many messages a second.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.hardware.bodies import soon
from tests.load.raw_mqtt import RawMqtt, connect
from tests.web.login_portal.carrying.mosquitto import free_port, listens

SETTINGS = (
    "listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_inflight_messages 0\n"
    "log_dest none\n"
)
BODY = b"x" * 300


@dataclass
class Echoed:
    """Seconds one way, and there and back again, of each message."""

    there: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)

    def medians(self) -> tuple[float, float]:
        """Milliseconds one way, and there and back again."""
        return median(self.there) * 1000, median(self.back) * 1000


@contextmanager
def bare_broker(core: int) -> Iterator[int]:
    """A broker on this core; its port."""
    with tempfile.TemporaryDirectory(prefix="dt-echo-") as folder:
        port, settings = free_port(), Path(folder) / "mosquitto.conf"
        settings.write_text(SETTINGS.format(port=port))
        command = ["taskset", "-c", str(core), "mosquitto", "-c", str(settings)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as broker:
            try:
                assert soon(lambda: listens(port))
                yield port
            finally:
                broker.terminate()


def bare_echo(echoed: Echoed, port: int, devices: int, seconds: float, rate: float) -> None:
    """Add the messages of so many seconds at this rate, to random ones of so many devices."""
    asyncio.run(_echo(Echo(echoed, port), devices, seconds, rate))


async def _echo(echo: Echo, devices: int, seconds: float, rate: float) -> None:
    await echo.join(devices)
    await at_pace(echo.send, seconds, rate, echo.began)
    echo.close()


async def at_pace(begin: Callable[[], bool], seconds: float, rate: float, under_way: Sized) -> None:
    """Begin something so many times a second, for so many seconds, and wait for what is still under way at the end.

    Its beginning says whether it counts.
    """
    busy, begun = time.perf_counter(), 0
    while (now := time.perf_counter()) < busy + seconds:
        begun += begin()
        await asyncio.sleep(max(0.0, busy + begun / rate - now))
    for _ in range(500):
        if not under_way:
            break
        await asyncio.sleep(0.01)


class Echo:
    """Devices at a bare broker that send back what they hear, and the one who sends."""

    def __init__(self, echoed: Echoed, port: int) -> None:
        self._echoed, self._address = echoed, ("127.0.0.1", port)
        self.began: dict[str, float] = {}
        self._devices: dict[str, RawMqtt] = {}

    async def join(self, devices: int) -> None:
        """Connect so many, fifty at a time."""
        self._home = await connect(self._address, "home", "dev/+/out", self._at_home)
        self._names = [str(number) for number in range(devices)]
        for at in range(0, devices, 50):
            await asyncio.gather(*(self._joined(name) for name in self._names[at : at + 50]))

    def send(self) -> bool:
        """A message to one of them, unless one is still under way there."""
        name = random.choice(self._names)
        if name in self.began:
            return False
        self.began[name] = time.perf_counter()
        self._home.publish(f"dev/{name}/in", BODY)
        return True

    def close(self) -> None:
        """Hang up."""
        for client in (self._home, *self._devices.values()):
            client.close()

    async def _joined(self, name: str) -> None:
        def heard(_topic: str, body: bytes) -> None:
            self._echoed.there.append(time.perf_counter() - self.began[name])
            self._devices[name].publish(f"dev/{name}/out", body)

        self._devices[name] = await connect(self._address, name, f"dev/{name}/in", heard)

    def _at_home(self, topic: str, _body: bytes) -> None:
        self._echoed.back.append(time.perf_counter() - self.began.pop(topic.split("/")[1]))
