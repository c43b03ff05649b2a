"""What somebody at the service desk hears who has its pages read out: what was done, what was not, and past the menu.

What every page must have, a walk through all of them looks at: `tests.web.heard`, wherever a page is looked at.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.login_portal.desk.counter import Counter, looks, speak

LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])


@LANGUAGES
def test_the_first_key_skips_the_menu(counter: Counter, language: str) -> None:
    page = counter.page
    speak(counter, language)
    page.goto(f"{counter.served.origin}/desk/people")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()


@LANGUAGES
def test_a_refused_enrolment_is_told_at_once_and_keeps_what_was_chosen(
    counter: Counter, language: str
) -> None:
    page = counter.page
    speak(counter, language)
    page.goto(f"{counter.served.origin}/desk/people?q=Bakker")
    page.click("text=Kees Bakker")
    page.evaluate("document.getElementById('issue-form').open = true")
    page.check("input[value=letter]")
    page.fill("#serial", "DT-7F3A-0099")
    page.fill("#until", "2020-01-01")
    page.click("#issue")
    expect(page.locator("#trouble")).to_be_focused()
    expect(page.locator("#until")).to_have_accessible_description(
        " ".join(page.inner_text("#trouble").split())
    )
    expect(page.locator("#serial")).to_have_value("DT-7F3A-0099")
    expect(page.locator("input[value=letter]")).to_be_checked()
    assert looks(page, f"issue-wrong.{language}") == []


@LANGUAGES
def test_what_was_done_is_read_first(counter: Counter, language: str) -> None:
    page = counter.page
    speak(counter, language)
    page.goto(f"{counter.served.origin}/desk/people?q=Bakker")
    page.click("text=Kees Bakker")
    page.click("#contact summary")
    page.click("#save-contact")
    expect(page.locator("#done[role=status]")).to_be_focused()
