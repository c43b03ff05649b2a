"""What people do to a browser: two tabs of one sign-in, a reload at every step, and the way back after signing out."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.login_portal.device import Device
from tests.web.login_portal.served import Served
from tests.web.login_portal.test_in_a_browser import letter, link, sign_in


@pytest.fixture
def device(portal: Served) -> Iterator[Device]:
    with httpx.Client(base_url=portal.origin) as wire:
        yield Device(wire)


@pytest.fixture
def page(chromium: Browser, portal: Served) -> Iterator[Page]:
    """The sign-in page in a fresh browser."""
    opened = chromium.new_context(locale="en").new_page()
    opened.set_default_timeout(20_000)
    opened.goto(f"{portal.origin}/sign-in")
    yield opened
    opened.context.close()


def another(page: Page, portal: Served) -> Page:
    tab = page.context.new_page()
    tab.goto(f"{portal.origin}/sign-in")
    return tab


def presses(page: Page, button: str) -> None:
    """Press it, and be on the next page: a reload before would take the press back."""
    with page.expect_navigation():
        page.click(button)


def waits_for_the_token(page: Page, portal: Served, device: Device) -> None:
    """Link it, leave, and sign in: the page asks for a Yes."""
    link(page, portal, device)
    page.click("#get-started")
    page.click("#sign-out")
    sign_in(page)


def test_the_older_tab_shows_the_number_of_the_newest_request(
    page: Page, portal: Served, device: Device
) -> None:
    """The token asks for the newest one only: a tab that still showed the old number would mislead."""
    waits_for_the_token(page, portal, device)
    page.locator("main").evaluate("(main) => { main.id = 'before' }")
    newer = another(page, portal)
    sign_in(newer)
    expect(page.locator("#before")).to_have_count(0)
    expect(page.locator("#match-number")).to_have_text(newer.inner_text("#match-number"))
    device.answer(letter(portal, device), "approve", newer.inner_text("#match-number"))
    expect(newer.locator("#signed-in")).to_be_visible()
    expect(page.locator("#signed-in")).to_be_visible()


def test_the_older_tab_shows_the_newest_qr(page: Page, portal: Served, device: Device) -> None:
    sign_in(page)
    before = page.input_value("#link-text")
    newer = another(page, portal)
    sign_in(newer)
    expect(page.locator("#link-text")).not_to_have_value(before)
    assert page.input_value("#link-text") == newer.input_value("#link-text")
    assert device.scan(page.input_value("#link-text"))


def test_a_press_is_not_taken_back_by_a_page_that_moves_on(
    page: Page, portal: Served, device: Device
) -> None:
    """The form is on its way, slowly, when the script learns that the request has ended."""
    waits_for_the_token(page, portal, device)
    number, held = page.inner_text("#match-number"), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/language", hold)
    page.click(".languages button[value=nl]", no_wait_after=True)
    device.answer(letter(portal, device), "approve", number)
    for _ in range(3):  # the second is told at the latest; a page that has left does not ask again
        page.wait_for_event("request", lambda asked: asked.url.endswith("/waiting/state"))
    held[0].continue_()
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def test_a_reload_at_each_step_changes_nothing(page: Page, portal: Served, device: Device) -> None:
    page.reload()
    link(page, portal, device)
    page.reload()
    presses(page, "#get-started")
    page.reload()
    expect(page.locator("#person")).to_have_text("Jan de Vries")
    presses(page, "#sign-out")
    page.reload()
    with page.expect_navigation():
        sign_in(page)
    number = page.inner_text("#match-number")
    page.reload()
    assert page.inner_text("#match-number") == number
    presses(page, "#enter-code")
    page.reload()
    presses(page, "#back")
    device.answer(letter(portal, device), "approve", number)
    expect(page.locator("#signed-in")).to_be_visible()


def test_the_way_back_after_signing_out_shows_nothing_of_the_person(
    page: Page, portal: Served, device: Device
) -> None:
    link(page, portal, device)
    page.click("#get-started")
    expect(page.locator("#person")).to_have_text("Jan de Vries")
    page.click("#sign-out")
    expect(page.locator("#left")).to_be_visible()
    page.go_back()
    expect(page.locator("#name")).to_be_visible()
    assert "Jan de Vries" not in page.content()
