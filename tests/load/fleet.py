"""A fleet of raw devices at one portal: how long a letter takes, how long the whole signed loop, what idling costs."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from appliance.courier.broker_line import _tls
from appliance.wire.broker import inbound, outbound
from appliance.wire.jose import public
from appliance.wire.letters import ANSWER, letter_hash
from tests.load.echo import Echoed, at_pace
from tests.load.raw_http import Posts, RawStream
from tests.load.raw_mqtt import RawMqtt, connect
from tests.web.login_portal.carrying.mosquitto import running_mosquitto
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.keys import load_or_make

PORTAL, BARE = "tests.load.portal_process", "tests.load.bare_process"
KEY = OKPKey.generate_key("Ed25519", private=True)
PRIVATE = Ed25519PrivateKey.from_private_bytes(
    base64.urlsafe_b64decode(KEY.as_dict(private=True)["d"] + "=")
)
HEAD = base64.urlsafe_b64encode(json.dumps({"alg": "Ed25519", "typ": ANSWER}).encode()).rstrip(b"=")


@dataclass
class Timed:
    """Seconds from the beginning of each login to its letter, and to the reply to its signed answer.

    The echo is that of a bare broker, just before and just after: a machine's mood changes within a minute.
    """

    letters: list[float] = field(default_factory=list)
    loops: list[float] = field(default_factory=list)
    echo: Echoed = field(default_factory=Echoed)
    asked: int = 0
    processor: float = 0.0


@dataclass
class Server:
    """The portal under load, and the doors of its broker if it has one."""

    process: subprocess.Popen[str]
    folder: Path
    origin: str
    devices: list[tuple[str, str]]
    doors: tuple[int, int] | None

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self.origin.rpartition(":")[2])

    @property
    def host(self) -> str:
        return self.origin.partition("//")[2]

    def resident(self) -> float:
        """Kilobytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1024

    def processor(self) -> float:
        """Seconds of processor so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(
    devices: int, core: int, broker_core: int | None = None, module: str = PORTAL
) -> Iterator[Server]:
    """A portal with so many linked tokens, on this core; with a broker on another when one is named.

    The module is what runs: a portal, or what stands in for one.
    """
    with tempfile.TemporaryDirectory(prefix="dt-load-") as name:
        folder, doors = Path(name), None
        if broker_core is None:
            yield from _serving(folder, devices, core, doors, module)
            return
        with running_mosquitto(BrokerIdentity(load_or_make(folder))) as broker:
            assert broker.process is not None
            os.sched_setaffinity(broker.process.pid, {broker_core})
            doors = (broker.doors.devices[1], broker.doors.portal[1])
            yield from _serving(folder, devices, core, doors, module)


def _serving(
    folder: Path, devices: int, core: int, doors: tuple[int, int] | None, module: str
) -> Iterator[Server]:
    key = msgspec.json.encode(public(KEY)).decode()
    words = [str(folder), str(devices), key, ",".join(map(str, doors or ()))]
    command = ["taskset", "-c", str(core), sys.executable, "-m", module, *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        origin = process.stdout.readline().strip()
        listed = msgspec.json.decode(
            (folder / "access.json").read_bytes(), type=list[tuple[str, str]]
        )
        yield Server(process, folder, origin, listed, doors)
        process.communicate()


def signed_answer(device: str, origin: str, letter: str, count: int) -> tuple[str, str]:
    """The request's name and a yes to it, signed: by hand, so that the client costs little."""
    body = letter.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if claims["kind"] != "login":
        return "", ""
    said = {"iss": device, "aud": origin, "jti": claims["jti"], "letter": letter_hash(letter)}
    said |= {"verdict": "approve", "count": count, "iat": time.time(), "match": ""}
    payload = HEAD + b"." + base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=")
    signature = base64.urlsafe_b64encode(PRIVATE.sign(payload)).rstrip(b"=")
    return claims["jti"], (payload + b"." + signature).decode()


class Fleet:
    """Devices that answer yes to everything, and take the time."""

    def __init__(self, server: Server) -> None:
        self.server, self.timed = server, Timed()
        self.began: dict[str, float] = {}
        self.count = 0
        self.posts = Posts(server.address, server.host, 40)
        self.streams: list[RawStream | RawMqtt] = []

    async def join(self, devices: list[tuple[str, str]]) -> None:
        """Connect these, fifty at a time."""
        await self.posts.open()
        for at in range(0, len(devices), 50):
            some = devices[at : at + 50]
            self.streams += await asyncio.gather(*(self.joined(d, a) for d, a in some))

    async def login_for(self, seconds: float, rate: float) -> Timed:
        """Logins of random people at this rate; those that are still under way at the end are waited for."""
        bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        bell.connect(str(self.server.folder / "bell"))
        idle, busy = self.server.processor(), time.perf_counter()
        devices = [device for device, _ in self.server.devices[: len(self.streams)]]

        def begin() -> bool:
            device = random.choice(devices)
            if device in self.began:
                return False
            self.began[device] = time.perf_counter()
            self.timed.asked += 1
            bell.send(device.encode())
            return True

        await at_pace(begin, seconds, rate, self.began)
        self.timed.processor = (self.server.processor() - idle) / (time.perf_counter() - busy)
        bell.close()
        return self.timed

    def close(self) -> None:
        for stream in self.streams:
            stream.close()
        self.posts.close()

    async def joined(self, device: str, access: str) -> RawStream | RawMqtt:
        if self.server.doors is None:
            made = RawStream(self.server.host, access, lambda letter: self._by_http(device, letter))
            await asyncio.get_running_loop().create_connection(lambda: made, *self.server.address)
            await asyncio.wait_for(made.ready, 60)
            return made
        return await self._join_broker(device)

    async def _join_broker(self, device: str) -> RawMqtt:
        assert self.server.doors is not None
        port = self.server.doors[0]
        identity = BrokerIdentity(load_or_make(self.server.folder))
        access = identity.device(device, "127.0.0.1", port, time.time())
        tls: ssl.SSLContext = _tls(access)
        client: list[RawMqtt] = []

        def heard(_topic: str, body: bytes) -> None:
            now, came = time.perf_counter(), json.loads(body)
            if "letter" in came:
                self._by_broker(client[0], device, came["letter"], now)
            else:
                self._ended(device, came["body"].encode(), now)

        client.append(await connect(("127.0.0.1", port), device, inbound(device), heard, tls))
        return client[0]

    def _by_broker(self, client: RawMqtt, device: str, letter: str, came: float) -> None:
        if answer := self._answer(device, letter, came):
            client.publish(outbound(device), answer.encode(), b"\x09\x00\x04mark")

    def _by_http(self, device: str, letter: str) -> None:
        if answer := self._answer(device, letter, time.perf_counter()):
            self.posts.answer(answer, lambda body: self._ended(device, body, time.perf_counter()))

    def _answer(self, device: str, letter: str, came: float) -> str:
        self.count += 1
        request, answer = signed_answer(device, self.server.origin, letter, self.count)
        if request and device in self.began:
            self.timed.letters.append(came - self.began[device])
        return answer

    def _ended(self, device: str, body: bytes, came: float) -> None:
        assert b"approved" in body, body
        self.timed.loops.append(came - self.began.pop(device))
