"""Every page in a real Chromium: nothing is wider than the window, and no serious finding of axe-core.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

import msgspec
import pytest
from playwright.sync_api import Page

from appliance.wire.safekeeping import BackupState
from appliance.wire.upkeep import NetworkState
from tests.web.device_page.conftest import enter
from tests.web.device_page.device_double import PLAN, DeviceDouble
from tests.web.heard import for_everybody
from tests.web.looks import at_every_width, findings

PAGES = (
    *("/status", "/link", "/accounts", "/network", "/time", "/panel", "/settings"),
    *("/security", "/backup", "/waiting", "/log", "/update", "/reset", "/nowhere"),
)
SIZES = {320: 640, 360: 780, 768: 1024, 1280: 900}
PLANNED = BackupState(1, 1, allowed=True, granted=False, plan=PLAN)
GRANTED = BackupState(1, 1, allowed=True, granted=True, seconds_left=200)


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
        file = f"{path.strip('/').replace('/', '-')}.{language}.{scheme}"
        wrong += at_every_width(opened, path, file, SIZES)
        wrong += [f"{path}: {finding}" for finding in findings(opened)]
        wrong += for_everybody(opened, path)
    assert wrong == []


STATES: dict[str, tuple[str, dict[str, object]]] = {
    "backup-plan": ("/backup", {"backup": PLANNED}),
    "backup-granted": ("/backup", {"backup": GRANTED}),
    "backup-asked": ("/backup?asked=restore", {"backup": PLANNED, "stage": "asked"}),
    "security-servers": (
        "/security",
        {"settings": {"server_exceptions": "pi.spoor.example, lab:8443"}},
    ),
    "status-servers": (
        "/status",
        {"settings": {"server_exceptions": "portal.example", "kiosk": "on"}},
    ),
    "accounts-servers": ("/accounts", {"settings": {"server_exceptions": "portal.example"}}),
    "accounts-none": ("/accounts", {"accounts": []}),
    "network-searching": ("/network", {"network": NetworkState(steward=True, searching=True)}),
    "network-none": ("/network", {"network": NetworkState()}),
    "waiting-shared": ("/waiting", {"people": [], "settings": {"kiosk": "on"}}),
    "link-words": ("/link", {"stage": "spelling"}),
    "time-none": ("/time", {"network": NetworkState(), "trust": "unknown"}),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_page_fits_and_can_be_used_by_everybody(
    page: tuple[Page, str, DeviceDouble], state: str
) -> None:
    opened, origin, device = page
    path, changed = STATES[state]
    before = {name: getattr(device, name) for name in (*changed, "settings")}
    wrong: list[str] = []
    enter(opened, origin)
    try:
        for name, value in changed.items():
            setattr(device, name, {**device.settings, **value} if name == "settings" else value)
        for language, scheme in (("nl", "light"), ("en", "dark")):
            device.settings = {**device.settings, "language": language}
            opened.emulate_media(color_scheme=scheme)
            opened.goto(origin + path)
            file = f"state-{state}.{language}.{scheme}"
            wrong += at_every_width(opened, state, file, SIZES)
            wrong += [f"{state}: {finding}" for finding in findings(opened)]
            wrong += for_everybody(opened, state)
    finally:
        for name, value in before.items():
            setattr(device, name, value)
    assert wrong == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_door_and_a_closed_page_can_be_used_by_everybody(
    page: tuple[Page, str, DeviceDouble], language: str
) -> None:
    opened, origin, device = page
    opened.context.clear_cookies()
    opened.emulate_media(color_scheme="light")
    device.settings = {**device.settings, "language": language}
    opened.goto(origin + "/enter")
    wrong = at_every_width(opened, "enter", f"enter.{language}.light", SIZES) + findings(opened)
    wrong += for_everybody(opened, "enter")
    device.page_open = False
    try:
        opened.goto(origin + "/status")
        wrong += at_every_width(opened, "closed", f"closed.{language}.light", SIZES)
        wrong += findings(opened) + for_everybody(opened, "closed")
    finally:
        device.page_open = True
    assert wrong == []


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


def test_a_choice_survives_what_comes_in_live(page: tuple[Page, str, DeviceDouble]) -> None:
    opened, origin, device = page
    before = device.network
    enter(opened, origin)
    opened.goto(origin + "/network")
    opened.locator("input[name=nearby]").nth(1).check()
    opened.fill("#passphrase", "een-lang-wachtwoord")
    device.network = msgspec.structs.replace(before, searching=True)
    opened.wait_for_selector("#nearby .turning")
    device.network = before
    opened.wait_for_selector("#nearby .turning", state="detached")
    assert opened.locator("input[name=nearby]").nth(1).is_checked()
    assert opened.input_value("#passphrase") == "een-lang-wachtwoord"


def test_the_check_itself_finds_what_is_wrong(page: tuple[Page, str, DeviceDouble]) -> None:
    opened, _, _ = page
    opened.set_content("<html lang=en><main><input><img src=x></main></html>")
    assert len(findings(opened)) >= 2
