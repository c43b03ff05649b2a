"""The pages in a real Chromium: they move on by themselves, work by keyboard alone, and also without script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served
from web.login_portal import inbox

expect.set_options(timeout=20_000)
SIZES = {"wide": (1280, 800), "narrow": (320, 640)}


@pytest.fixture
def device(portal: Served) -> Iterator[Device]:
    with httpx.Client(base_url=portal.origin) as wire:
        yield Device(wire)


@pytest.fixture
def open_page(chromium: Browser, portal: Served) -> Iterator[Callable[..., Page]]:
    """Opens the sign-in page in a fresh profile; every error a page logs fails the test."""
    pages: list[Page] = []
    trouble: list[str] = []

    def make(*, script: bool = True, size: str = "wide", tongue: str = "nl") -> Page:
        width, height = SIZES[size]
        page = chromium.new_context(
            java_script_enabled=script,
            locale=tongue,
            viewport={"width": width, "height": height},
        ).new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{portal.origin}/sign-in")
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.context.close()
    assert trouble == []


def sign_in(page: Page) -> None:
    page.fill("#name", "jan")
    page.fill("#password", PASSWORD)
    page.click("#sign-in")


def link(page: Page, portal: Served, device: Device) -> None:
    """Link the token by the text of the link, as in a place without camera."""
    sign_in(page)
    page.click("summary")
    ticket = device.scan(page.input_value("#link-text"))
    device.show_card(ticket)
    outbox = page.context.new_page()
    outbox.goto(f"{portal.origin}/outbox")
    code = outbox.inner_text("#messages").split("is ")[-1][:6]
    outbox.close()
    assert device.confirm(ticket, code).status_code == 200
    page.wait_for_selector("#get-started")  # the page moves on by itself before it is left


def letter(portal: Served, device: Device) -> str:
    with portal.portal.database.reading() as reading:
        return inbox.after(reading, device.id, 0, time.time())[-1].text


def test_the_pages_move_on_by_themselves(
    open_page: Callable[..., Page], portal: Served, device: Device
) -> None:
    page = open_page()
    link(page, portal, device)
    page.click("#get-started")
    expect(page.locator("#person")).to_have_text("Jan de Vries")
    page.click("#sign-out")
    sign_in(page)
    device.answer(letter(portal, device), "approve", page.inner_text("#match-number"))
    expect(page.locator("#signed-in")).to_have_attribute("data-how", "approved")


def test_everything_works_without_script(
    open_page: Callable[..., Page], portal: Served, device: Device
) -> None:
    page = open_page(script=False)
    link(page, portal, device)
    page.click("#get-started")
    page.click("#sign-out")
    sign_in(page)
    device.answer(letter(portal, device), "approve", page.inner_text("#match-number"))
    page.click("#go-on", timeout=15_000)
    expect(page.locator("#signed-in")).to_be_visible()


def test_a_keyboard_is_enough(
    open_page: Callable[..., Page], portal: Served, device: Device
) -> None:
    page = open_page(tongue="en")
    link(page, portal, device)
    page.goto(f"{portal.origin}/sign-in")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("jan")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#match-number")).to_be_visible()
    page.locator("#enter-code").press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(device.code(time.time()))
    page.keyboard.press("Enter")
    expect(page.locator("#signed-in")).to_have_attribute("data-how", "code")


@pytest.mark.parametrize("tongue", ["nl", "en"])
def test_at_320_pixels_nothing_is_cut_off(
    open_page: Callable[..., Page], portal: Served, device: Device, tongue: str
) -> None:
    page = open_page(size="narrow", tongue=tongue)
    link(page, portal, device)
    page.goto(f"{portal.origin}/sign-in")
    sign_in(page)
    for path in ("/waiting", "/waiting/code", "/outbox", "/e", "/sign-in", "/nowhere"):
        page.goto(f"{portal.origin}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
