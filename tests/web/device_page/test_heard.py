"""What somebody hears on the device page who has it read out: a trouble with its field, and what changes by itself.

What every page must have, a walk through all of them looks at: `tests.web.heard`, wherever a page is looked at.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.device_page.conftest import enter
from tests.web.device_page.device_double import DeviceDouble

Opened = tuple[Page, str, DeviceDouble]
EXCEPTED = {"server_exceptions": "portal.example"}
FORMS = {
    "/settings": ("#brightness", "999", "form.settings"),
    "/reset": ("#serial", "DT-0", "section.danger form"),
    "/link": ("#text", " ", "form[action$=paste]"),
    "/accounts": ("#label-1", " ", "form[action$=label]"),
    "/network": ("#proxy", "nothing", "form.pair"),
    "/security": ("#server_exceptions", "not a name", "details form"),
}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_trouble_is_heard_with_the_field_that_it_is_about(
    page: Opened, path: str, language: str
) -> None:
    opened, origin, device = page
    device.settings["language"] = language
    enter(opened, origin)
    opened.goto(origin + path)
    which, typed, form = FORMS[path]
    opened.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    opened.fill(which, typed)
    with opened.expect_navigation():
        opened.locator(form).first.evaluate(
            "(form) => { form.noValidate = true; form.requestSubmit() }"
        )
    field = opened.locator(which)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    told = opened.locator(".bad:not(:has(a))").last.inner_text()
    assert told in (field.get_attribute("aria-describedby") and _described(opened, which))
    assert opened.title().startswith({"nl": "Fout: ", "en": "Error: "}[language])


def _described(opened: Page, which: str) -> str:
    words: str = opened.evaluate(
        """(which) => document.querySelector(which).getAttribute("aria-describedby").split(" ")
             .map((id) => document.getElementById(id).innerText).join(" ")""",
        which,
    )
    return words


def test_a_wrong_code_at_the_door_is_heard_with_its_field(page: Opened) -> None:
    opened, origin, _ = page
    opened.context.clear_cookies()
    opened.goto(origin + "/enter")
    opened.fill("#code", "1")
    opened.press("#code", "Enter")
    expect(opened.locator("#code:focus[aria-invalid][aria-describedby=trouble]")).to_be_visible()


def test_what_was_saved_is_read_first(page: Opened) -> None:
    opened, origin, _ = page
    enter(opened, origin)
    opened.goto(origin + "/settings")
    opened.click("main .end button")
    expect(opened.locator("#saved[role=status]")).to_be_focused()


def test_what_the_device_does_is_said_by_a_region_that_was_there_before(page: Opened) -> None:
    """Words that come with their own live region are not announced by every screen reader."""
    opened, origin, device = page
    enter(opened, origin)
    opened.goto(origin + "/link")
    before = opened.evaluate_handle("document.querySelector('#stage[aria-live=polite]')")
    device.stage = "scanning"
    try:
        expect(opened.locator("#stage .turning")).to_be_visible()
        assert opened.evaluate(
            "(before) => before.textContent !== '' && before.isConnected", before
        )
    finally:
        device.stage = "home"


def test_the_focus_stays_where_it_is_when_something_else_changes(page: Opened) -> None:
    opened, origin, device = page
    before = device.settings
    device.settings = {**before, **EXCEPTED}
    enter(opened, origin)
    opened.goto(origin + "/status")
    try:
        link = opened.locator("#status .bad a")
        link.focus()
        device.trust = "unknown"
        expect(opened.locator("#status dl").first).to_contain_text(_trust(before["language"]))
        expect(link).to_be_focused()
    finally:
        device.trust, device.settings = "synced", before


def _trust(language: str) -> str:
    return {"nl": "Onbekend: codes worden niet getoond", "en": "Unknown: codes are hidden"}[
        language
    ]
