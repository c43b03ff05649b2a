"""Every page in a real Chromium: nothing is wider than the window, and no serious finding of axe-core.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from waitress.server import create_server

from appliance.wire.client import ControlClient
from appliance.wire.upkeep import ConditionReply, WaitingRow
from tests.tour.page import browser
from tests.web.device_page.device_double import PIN, DeviceDouble
from web.device_page.app import create_app
from web.device_page.house import House

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
PAGES = (
    *("/status", "/link", "/accounts", "/network", "/time", "/panel", "/settings"),
    *("/settings/security", "/waiting", "/log", "/update", "/reset", "/nowhere"),
)
SIZES = {320: 640, 768: 1024, 1280: 900}
PICTURES = os.environ.get("PICTURES", "")
TESTED = {"panel": "good", "clock": "good", "camera": "no-camera", "network": "good"}


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


def findings(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_can_be_used_by_everybody(
    page: tuple[Page, str, DeviceDouble], language: str, scheme: str
) -> None:
    opened, origin, device = page
    device.settings["language"] = language
    opened.emulate_media(color_scheme=scheme)
    enter(opened, origin)
    wrong: list[str] = []
    for path in PAGES:
        opened.goto(origin + path)
        assert opened.get_attribute("html", "lang") == language
        for width, height in SIZES.items():
            opened.set_viewport_size({"width": width, "height": height})
            wide = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
            wrong += [f"{path} is {wide} px too wide at {width}"] if wide > 0 else []
            keep(opened, f"{path.strip('/').replace('/', '-')}.{language}.{scheme}.{width}")
        wrong += [f"{path}: {finding}" for finding in findings(opened)]
    assert wrong == []


def test_the_door_and_a_closed_page_can_be_used_by_everybody(
    page: tuple[Page, str, DeviceDouble],
) -> None:
    opened, origin, device = page
    opened.context.clear_cookies()
    opened.goto(origin + "/enter")
    keep(opened, "enter")
    assert findings(opened) == []
    device.page_open = False
    opened.goto(origin + "/status")
    keep(opened, "closed")
    assert findings(opened) == []
    device.page_open = True


def test_every_page_does_its_work_without_script(page: tuple[Page, str, DeviceDouble]) -> None:
    opened, origin, device = page
    device.settings["language"] = "en"
    engine = opened.context.browser
    assert engine is not None
    context = engine.new_context(java_script_enabled=False, locale="en")
    plain = context.new_page()
    enter(plain, origin)
    for path in PAGES[:-1]:
        plain.goto(origin + path)
        assert plain.locator("main h1").count() == 1
    plain.goto(origin + "/settings")
    plain.fill("#brightness", "33")
    plain.click("main .end button")
    assert device.settings["brightness"] == "33"
    plain.goto(origin + "/network")
    plain.check("input[value=Stationswifi]")
    plain.click("text=Ask the token to change")
    assert plain.url.endswith("/network?asked=1")
    plain.goto(origin + "/reset")
    plain.fill("#serial", "DT-7F3A-0042")
    plain.click("button.danger")
    assert plain.url.endswith("/reset?asked=1")
    context.close()


def test_the_check_itself_finds_what_is_wrong(page: tuple[Page, str, DeviceDouble]) -> None:
    opened, _, _ = page
    opened.set_content("<html lang=en><main><input><img src=x></main></html>")
    assert len(findings(opened)) >= 2


def keep(opened: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        opened.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
