"""Applications at the desk in a real Chromium: connected, their secret shown once, disabled and enabled again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.login_portal.desk.counter import Counter, looks, speak


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_application_is_connected_and_its_secret_shown_once(
    counter: Counter, language: str
) -> None:
    page, origin = counter.page, counter.served.origin
    speak(counter, language)
    page.goto(f"{origin}/desk/applications")
    page.click("#new")
    page.fill("#name", f"Storing {language}")
    page.fill("#redirects", "http://storing.example.org/back")
    page.click("#connect")
    expect(page.locator("#trouble")).to_be_focused()
    assert looks(page, f"application-wrong.{language}") == []
    page.fill("#redirects", "https://storing.example.org/back")
    page.click("#connect")
    expect(page.locator("#secret")).to_have_value(re.compile(r"[\w-]{40,}"))
    assert looks(page, f"application-secret.{language}") == []
    page.click("#back")
    page.click(f"text=Storing {language}")
    expect(page.locator("#secret")).to_have_count(0)
    page.locator("summary").nth(1).click()
    page.click("#disable")
    expect(page.locator("#disabled")).to_be_visible()
    assert looks(page, f"application-disabled.{language}") == []
    page.click("#enable")
    expect(page.locator("#disabled")).to_have_count(0)
