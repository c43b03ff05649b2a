"""A real mosquitto with the very files that `desk-portal broker-files` writes: TLS, certificates, rights by name."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.hardware.bodies import soon
from web.login_portal.broker import files
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.config import BrokerDoors


@dataclass
class Mosquitto:
    """A broker that can be stopped, killed and started again."""

    folder: Path
    doors: BrokerDoors
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["mosquitto", "-c", str(self.folder / "mosquitto.conf")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, **_not_root())
        assert soon(lambda: listens(self.doors.devices[1]) and listens(self.doors.portal[1])), (
            self.folder / "log"
        ).read_text()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(20)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_mosquitto(identity: BrokerIdentity) -> Iterator[Mosquitto]:
    """Write the files, run the broker, and throw it away."""
    folder = Path(tempfile.mkdtemp(prefix="dt-mqtt-"))
    devices, portal = free_port(), free_port()
    files.write(folder, identity, "127.0.0.1", time.time(), devices=devices, portal=portal)
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "mosquitto", "mosquitto")
    doors = BrokerDoors(("127.0.0.1", devices), ("127.0.0.1", portal))
    broker = Mosquitto(folder, doors)
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
        shutil.rmtree(folder)


def _not_root() -> dict[str, object]:
    if os.getuid() != 0:
        return {}
    return {"user": "mosquitto", "group": "mosquitto", "extra_groups": []}
