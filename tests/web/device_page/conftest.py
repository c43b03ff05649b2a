"""The page as a Flask client, with a working authenticator behind a real socket and a clock that stands still."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from waitress.server import create_server
from werkzeug.test import TestResponse

from appliance.wire.client import ControlClient
from appliance.wire.upkeep import ConditionReply, WaitingRow
from tests.courier.control_double import ControlDouble
from tests.tour.page import browser
from tests.web.device_page.device_double import PIN, DeviceDouble
from web.device_page.app import create_app
from web.device_page.house import House

TESTED = {"panel": "good", "clock": "good", "camera": "no-camera", "network": "good"}
ORIGIN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Visitor:
    """A browser at the page: it carries the cookie and reads the form token as a browser would."""

    app: Flask
    web: FlaskClient
    device: DeviceDouble
    desk: ControlDouble
    house: House
    time: list[float]

    def token(self, path: str) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.web.get(path).text)
        assert found
        return found[1]

    def send(self, path: str, seen_on: str = "/status", **fields: object) -> TestResponse:
        data = {"token": self.token(seen_on), **fields}
        return self.web.post(path, data=data, headers=ORIGIN)

    def send_picture(self, data: bytes) -> TestResponse:
        """The upload form as a browser writes it (multipart/form-data, RFC 7578)."""
        part = b'--line\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        token = part % (b"token", b"", self.token("/link").encode())
        body = token + part % (b"picture", b'; filename="a.png"', data) + b"--line--\r\n"
        kind = "multipart/form-data; boundary=line"
        return self.web.post("/link/picture", data=body, content_type=kind, headers=ORIGIN)

    def enter(self, code: str = PIN) -> TestResponse:
        return self.send("/enter", seen_on="/enter", code=code)

    def enter_now(self, code: str) -> TestResponse:
        """The same without a look at the form, which is not there any more when the page has closed."""
        data = {"code": code, "token": self.house.doorman.door_token}
        return self.web.post("/enter", data=data, headers=ORIGIN)

    def another(self) -> Visitor:
        """A second browser at the same page."""
        client = self.app.test_client()
        return Visitor(self.app, client, self.device, self.desk, self.house, self.time)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Visitor]:
    """A visitor who is not in yet; the device speaks English."""
    device = DeviceDouble()
    device.settings["language"] = "en"
    desk = device.serve(tmp_path / "control" / "page.sock")
    client = ControlClient(tmp_path / "control" / "page.sock", "page", deadline=5)
    time = [1000.0]
    names = frozenset({"localhost", "127.0.0.1", "[::1]", "token-37wy.local"})
    house = House(client, lambda: time[0], names)
    app = create_app(house)
    yield Visitor(app, app.test_client(), device, desk, house, time)
    client.close()
    desk.close()


@pytest.fixture
def inside(door: Visitor) -> Visitor:
    """A visitor who typed the right code."""
    assert door.enter().status_code == 303
    return door


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str, DeviceDouble]]:
    """A browser at the door of an open page."""
    folder = tmp_path_factory.mktemp("looks")
    device = DeviceDouble()
    device.people = [WaitingRow("a1", "Rooster", "Utrecht", 47)]
    device.condition = ConditionReply(
        1_764_000_000.0, 5.0, 48.2, False, 2_000_000_000, 8_000_000_000, {"a1": 12.0}, TESTED
    )
    desk = device.serve(folder / "page.sock")
    client = ControlClient(folder / "page.sock", "page")
    app = create_app(House(client, lambda: 1000.0))
    with socket.create_server(("127.0.0.1", 0)) as listening, browser() as opened:
        server = create_server(app, map={}, sockets=[listening], threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        yield opened, f"http://127.0.0.1:{listening.getsockname()[1]}", device
        server.close()
    client.close()
    desk.close()


def enter(page: Page, origin: str) -> None:
    page.goto(origin + "/enter")
    if "/enter" in page.url:
        page.fill("#code", PIN)
        page.click("main button")
        page.wait_for_url("**/status")
