"""A thousand devices that come back at the same moment: each hears what it missed, once, and the pages go on."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import OKPKey

from appliance.wire.jose import public
from tests.load.portal_process import fleet
from tests.load.raw_http import RawStream
from tests.web.login_portal.carrying.mosquitto import free_port
from tests.web.login_portal.served import Served, served
from web.login_portal import requests
from web.login_portal.people import Person

DEVICES = 1000
Linked = tuple[Person, str, str]
pytestmark = pytest.mark.xdist_group("a thousand")


@pytest.fixture(autouse=True)
def enough_files() -> Iterator[None]:
    """A connection a device at both ends, which are this one process here."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


class Crowd:
    """All devices, each with a stream that comes back by itself, and how many letters each heard since."""

    def __init__(self, home: str, devices: list[Linked]) -> None:
        self._host, self._devices = home.partition("//")[2], devices
        self.streams: list[RawStream] = []
        self.heard: Counter[str] = Counter()

    async def come_back(self) -> None:
        """All at once; who finds nobody tries again."""
        self.close()
        self.heard.clear()
        self.streams = await asyncio.gather(*(self._back(*one[1:]) for one in self._devices))

    async def _back(self, device: str, access: str) -> RawStream:
        while True:
            try:
                return await self._knock(device, access)
            except (OSError, TimeoutError):
                await asyncio.sleep(0.1)

    async def _knock(self, device: str, access: str) -> RawStream:
        address, port = self._host.split(":")
        stream = RawStream(self._host, access, lambda _: self.heard.update([device]))
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: stream, address, int(port))
        await asyncio.wait_for(stream.ready, 30)
        return stream

    async def all_heard(self) -> None:
        """Wait until every device heard something, and a little for what should not come."""
        for _ in range(600):
            if len(self.heard) == len(self._devices):
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)

    def close(self) -> None:
        for stream in self.streams:
            stream.close()


def ask_everybody(portal: Served, devices: list[Linked]) -> None:
    for person, _, _ in devices:
        begun = portal.portal.sign_ins.begin(requests.new_id(), person, "here", time.time())
        assert begun == 0


def test_a_thousand_devices_come_back_at_once_after_a_restart(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port=port) as portal:
        key = public(OKPKey.generate_key("Ed25519", private=True))
        devices, home = fleet(portal.portal, DEVICES, key), portal.origin
        ask_everybody(portal, devices)
        crowd = Crowd(home, devices)
        asyncio.run(_once(crowd))
    asyncio.run(_after_a_restart(tmp_path, port, crowd))


async def _once(crowd: Crowd) -> None:
    await crowd.come_back()
    await crowd.all_heard()
    assert set(crowd.heard.values()) == {1}
    assert len(crowd.heard) == DEVICES
    crowd.close()


async def _after_a_restart(folder: Path, port: int, crowd: Crowd) -> None:
    """They knock while nobody is there, and all get in when the portal is back; somebody signs in meanwhile."""
    knocking = asyncio.create_task(crowd.come_back())
    await asyncio.sleep(0.5)
    with served(folder, port=port) as portal:
        page = await asyncio.to_thread(httpx.get, f"{portal.origin}/sign-in", timeout=30)
        assert page.status_code == 200
        await asyncio.wait_for(knocking, 90)
        await crowd.all_heard()
        assert set(crowd.heard.values()) == {1}
        assert len(crowd.heard) == DEVICES
        assert portal.carrier.streams == DEVICES
        crowd.close()
