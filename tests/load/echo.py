"""The bar everything is held against: a bare mosquitto, Nagle off, no TLS, nothing signed, QoS 1."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.hardware.bodies import soon
from tests.load import raw_mqtt
from tests.web.login_portal.carrying.mosquitto import free_port, listens

SETTINGS = "listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_dest none\n"
BODY = b"x" * 300


def bare_echo(messages: int, core: int, rate: float) -> tuple[float, float]:
    """Median milliseconds one way and back again, over so many messages."""
    with tempfile.TemporaryDirectory(prefix="dt-echo-") as folder:
        port, settings = free_port(), Path(folder) / "mosquitto.conf"
        settings.write_text(SETTINGS.format(port=port))
        command = ["taskset", "-c", str(core), "mosquitto", "-c", str(settings)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as broker:
            try:
                assert soon(lambda: listens(port))
                return asyncio.run(_echo(port, messages, rate))
            finally:
                broker.terminate()


async def _echo(port: int, messages: int, rate: float) -> tuple[float, float]:
    there: list[float] = []
    back: list[float] = []
    sent = 0.0
    came = asyncio.Event()

    def at_device(_topic: str, body: bytes) -> None:
        there.append(time.perf_counter() - sent)
        device.publish("dev/1/out", body)

    def at_home(_topic: str, _body: bytes) -> None:
        back.append(time.perf_counter() - sent)
        came.set()

    device = await raw_mqtt.connect(("127.0.0.1", port), "device", "dev/1/in", at_device)
    home = await raw_mqtt.connect(("127.0.0.1", port), "home", "dev/1/out", at_home)
    for _ in range(messages):
        came.clear()
        sent = time.perf_counter()
        home.publish("dev/1/in", BODY)
        await came.wait()
        await asyncio.sleep(1 / rate)
    device.close()
    home.close()
    return median(there) * 1000, median(back) * 1000
