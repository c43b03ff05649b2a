"""Applications and passkeys in a real Chromium, in both languages: the way through, looks, and what everybody can use.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.login_portal.applications.demo_application import (
    DemoApplication,
    at,
    demo_application,
)
from tests.web.login_portal.applications.over_http import letter, linked
from tests.web.login_portal.device import Device
from tests.web.login_portal.served import Served
from tests.web.login_portal.test_in_a_browser import sign_in
from tests.web.looks import at_every_width, findings

SIZES = {1280: 800, 360: 740}
pytestmark = pytest.mark.xdist_group("applications in a browser")


@pytest.fixture
def application(portal: Served) -> Iterator[DemoApplication]:
    with demo_application(portal.origin, at(portal.portal)) as running:
        yield running


@pytest.fixture
def device(portal: Served) -> Iterator[Device]:
    """A token that is linked to Jan."""
    with httpx.Client(base_url=portal.origin, headers={"Origin": portal.origin}) as wire:
        yield linked(portal, wire)


@pytest.fixture(params=["nl", "en"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh browser in this language; every error a page logs fails the test."""
    trouble: list[str] = []
    opened = chromium.new_context(locale=request.param).new_page()
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.set_default_timeout(20_000)
    yield opened
    opened.context.close()
    assert trouble == []


def approve(page: Page, portal: Served, device: Device) -> None:
    number = page.inner_text("#match-number")
    assert device.answer(letter(portal, device), "approve", number) == "approved"


def look(page: Page, name: str) -> None:
    """Nothing too wide, nothing serious that axe-core finds, light and dark, wide and narrow."""
    wrong: list[str] = []
    tongue = page.get_attribute("html", "lang")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        wrong += at_every_width(page, name, f"portal-{name}.{tongue}.{scheme}", SIZES)
        wrong += findings(page)
    assert wrong == [], name


def test_a_person_signs_in_to_an_application_and_out_again(
    page: Page, portal: Served, device: Device, application: DemoApplication
) -> None:
    page.goto(application.url)
    expect(page.locator("#for-whom")).to_contain_text("Rooster")
    look(page, "application-sign-in")
    sign_in(page)
    expect(page.locator("#service")).to_have_text("Rooster")
    look(page, "application-waiting")
    approve(page, portal, device)
    expect(page.locator("#welcome")).to_have_text("Welkom Jan de Vries")
    assert application.heard["id_token"]["acr"] == "urn:desk-token:number"
    page.goto(f"{application.url}/leave")
    expect(page.locator("#bye")).to_be_visible()
    page.goto(f"{portal.origin}/account")
    expect(page.locator("#sign-in")).to_be_visible()


def test_the_pages_that_go_on_by_themselves_can_be_read_too(
    page: Page, portal: Served, device: Device, application: DemoApplication
) -> None:
    """Somebody whose browser does not go on finds words and a button."""
    page.goto(f"{portal.origin}/sign-in")
    page.goto(application.begin())
    sign_in(page)
    page.route("**/authorized/*", lambda going: going.fulfill(status=204))
    approve(page, portal, device)
    expect(page.locator("#go-on")).to_have_attribute("data-application", "Rooster")
    look(page, "application-go-on")
    page.unroute("**/authorized/*")
    page.click("#onward")
    expect(page.locator("#welcome")).to_be_visible()


def test_the_way_also_goes_without_script(
    chromium: Browser, portal: Served, device: Device, application: DemoApplication
) -> None:
    page = chromium.new_context(java_script_enabled=False, locale="nl").new_page()
    page.goto(application.url)
    sign_in(page)
    approve(page, portal, device)
    page.click("#go-on", timeout=15_000)
    expect(page.locator("#welcome")).to_be_visible()
    page.context.close()


def test_an_application_of_another_site_finds_the_person_signed_in(
    chromium: Browser, portal: Served, device: Device, application: DemoApplication
) -> None:
    """From 127.0.0.1 to localhost is another site: the strict cookie only comes the second time."""
    page = chromium.new_context(locale="nl").new_page()
    page.goto(f"{portal.origin}/sign-in".replace("127.0.0.1", "localhost"))
    sign_in(page)
    approve(page, portal, device)
    expect(page.locator("#signed-in")).to_be_visible()
    wish = application.begin().replace("127.0.0.1", "localhost", 1)
    page.goto("about:blank")
    page.goto(f"{application.url}/bye")
    page.evaluate("(there) => { location.href = there }", wish)
    expect(page.locator("#welcome")).to_have_text("Welkom Jan de Vries")
    page.context.close()


def test_the_other_pages_can_be_used_by_everybody(
    page: Page, portal: Served, device: Device
) -> None:
    page.goto(f"{portal.origin}/authorize?client_id=app-none")
    look(page, "application-refused")
    page.goto(f"{portal.origin}/end-session")
    look(page, "application-signed-out")
    page.goto(f"{portal.origin}/sign-in")
    sign_in(page)
    approve(page, portal, device)
    expect(page.locator("#signed-in")).to_be_visible()
    page.goto(f"{portal.origin}/end-session")
    look(page, "application-sign-out")
    page.click("#sign-out")
    expect(page.locator("#signed-out")).to_be_visible()


def authenticator(page: Page) -> None:
    """Give this browser a virtual authenticator whose person is always there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    about = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": about})


def test_a_passkey_is_made_used_and_removed(page: Page, portal: Served, device: Device) -> None:
    authenticator(page)
    home = portal.origin.replace("127.0.0.1", "localhost")
    page.goto(f"{home}/sign-in")
    sign_in(page)
    approve(page, portal, device)
    page.click("#to-passkeys")
    look(page, "passkeys-none")
    page.fill("#name", "laptop")
    page.click("#add-passkey")
    expect(page.locator("#list")).to_contain_text("laptop")
    look(page, "passkeys")
    page.click("#back")
    page.click("#sign-out")
    look(page, "passkeys-sign-in")
    page.click("#use-passkey")
    expect(page.locator("#signed-in")).to_have_attribute("data-how", "passkey")
    page.goto(f"{home}/account/passkeys")
    look(page, "passkeys-not-fresh")
    page.click("#list button")
    expect(page.locator("#none")).to_be_visible()
    page.goto(f"{home}/account")
    page.click("#sign-out")
    page.click("#use-passkey")
    expect(page.locator("#trouble, [data-passkey-trouble]:visible").first).to_be_visible()


def test_a_browser_without_authenticator_keeps_the_other_way(
    page: Page, portal: Served, device: Device
) -> None:
    page.goto(f"{portal.origin}/sign-in")
    expect(page.locator("#use-passkey")).to_be_hidden()
    sign_in(page)
    approve(page, portal, device)
    page.click("#to-passkeys")
    expect(page.locator("[data-passkey-none]")).to_be_visible()
    look(page, "passkeys-no-name")


def test_without_script_the_pages_say_what_is_needed(
    chromium: Browser, portal: Served, device: Device
) -> None:
    page = chromium.new_context(java_script_enabled=False, locale="en").new_page()
    page.goto(f"{portal.origin}/sign-in")
    expect(page.locator("#needs-script")).to_contain_text("needs JavaScript")
    expect(page.locator("#use-passkey")).to_be_hidden()
    sign_in(page)
    approve(page, portal, device)
    page.click("#go-on", timeout=15_000)
    page.click("#to-passkeys")
    expect(page.locator("#needs-script")).to_contain_text("needs JavaScript")
    page.context.close()
