"""Every desk page in a real Chromium: nothing is wider than the window, and no serious finding of axe-core.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.login_portal.desk.counter import Counter, looks, speak
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.looks import at_every_width, keep
from web.login_portal import people
from web.login_portal.handing_out import Order
from web.login_portal.rules.enrolment import Way
from web.login_portal.rules.roles import COMMAND

OUTLINE = """(() => {
  const drawn = getComputedStyle(document.activeElement);
  return drawn.outlineStyle === "none" ? 0 : parseFloat(drawn.outlineWidth);
})()"""
HEADING = "name,display,phone,email,match,password,role,serial,until\n"
FILE = (
    HEADING + f"kim,Kim de Boer,0612345678,kim@example.org,press,{PASSWORD},,DT-0007,2030-03-01\n"
)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_can_be_used_by_everybody(
    counter: Counter, language: str, scheme: str
) -> None:
    page, wrong = counter.page, list[str]()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    speak(counter, language)
    for name, path in counter.paths.items():
        page.goto(counter.served.origin + path)
        assert page.locator("main h1").count() == 1, path
        page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        wrong += looks(page, f"{name}.{language}.{scheme}")
    assert wrong == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_file_is_shown_judged_and_applied(
    counter: Counter, language: str, tmp_path: Path
) -> None:
    page, origin = counter.page, counter.served.origin
    page.emulate_media(color_scheme="light")
    speak(counter, language)
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(FILE.replace("kim", f"kim{language}"))
    bad.write_text(HEADING + "two words,,,,,,,,\nshort,,,,,x,,,\n")
    page.goto(f"{origin}/desk/import")
    page.set_input_files("#file", bad)
    page.click("#look")
    expect(page.locator("#bad tbody tr")).to_have_count(2)
    assert looks(page, f"import-bad.{language}") == []
    page.set_input_files("#file", good)
    page.click("#look")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    assert looks(page, f"import-plan.{language}") == []
    page.click("#apply")
    expect(page.locator("#applied")).to_be_visible()
    assert looks(page, f"import-done.{language}") == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_enrolment_is_handed_out_and_its_letter_shown_once(
    counter: Counter, script: bool, language: str
) -> None:
    engine = counter.page.context.browser
    assert engine is not None
    speak(counter, language)
    page = other_page(engine, counter, script=script)
    page.goto(f"{counter.served.origin}/desk/people?q=Bakker")
    page.click("text=Kees Bakker")
    page.click("#issue-form summary")
    page.check("input[value=paper]")
    page.check("input[value=letter]")
    page.click("#issue")
    page.check("#checked")
    page.click("#tell")
    expect(page.locator("#code")).to_be_visible()
    if script:
        assert looks(page, f"code.{language}") == []
        expect(page.locator(".languages")).to_have_count(0)
        page.emulate_media(media="print")
        keep(page, f"desk-code.{language}.print")
        expect(page.locator(".places")).to_be_hidden()
        page.emulate_media(media="screen")
    page.click("#back")
    expect(page.locator("#told")).to_be_visible()
    page.context.close()


def other_page(engine: Browser, counter: Counter, *, script: bool) -> Page:
    """The desk in another browser window with the same cookies."""
    context = engine.new_context(java_script_enabled=script, locale="nl")
    context.add_cookies(counter.page.context.cookies())  # type: ignore[arg-type]
    return context.new_page()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_paper_prints_the_code_and_nothing_of_the_page_around_it(
    counter: Counter, language: str
) -> None:
    page = counter.page
    speak(counter, language)
    page.goto(counter.served.origin + counter.paths["paper"])
    page.emulate_media(media="print")
    for hidden in (".places", ".top", "footer", ".others"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#qr svg")).to_be_visible()
    keep(page, f"desk-paper.{language}.print")
    page.emulate_media(media="screen")


def test_at_twice_the_size_every_page_still_fits(counter: Counter) -> None:
    """Somebody who enlarges a page of 1280 pixels twice has 640 of them (WCAG 1.4.4 and 1.4.10)."""
    page, wrong = counter.page, list[str]()
    for name, path in counter.paths.items():
        page.goto(counter.served.origin + path)
        wrong += at_every_width(page, name, f"desk-{name}.twice", {640: 450})
    assert wrong == []


def test_whatever_the_keyboard_reaches_is_seen_to_be_reached(counter: Counter) -> None:
    """Every stop of the Tab key has an outline of at least two pixels (WCAG 2.4.7)."""
    page, unseen, stops = counter.page, list[str](), 0
    for path in counter.paths.values():
        page.goto(counter.served.origin + path)
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            stops += 1
            unseen += [path] if float(page.evaluate(OUTLINE)) < 2 else []
    assert stops > 100
    assert unseen == []


def test_the_keyboard_alone_finds_a_person(counter: Counter) -> None:
    page = counter.page
    page.goto(f"{counter.served.origin}/desk")
    page.locator("#q").focus()
    page.keyboard.type("dijk")
    page.keyboard.press("Enter")
    expect(page.locator("#people li")).to_have_count(1)
    page.locator("#people a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_contain_text("Els van Dijk")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_of_an_enrolment_moves_on_by_itself(counter: Counter, language: str) -> None:
    page, house = counter.page, counter.served.portal
    page.emulate_media(color_scheme="light")
    speak(counter, language)
    with house.database.reading() as reading:
        newcomer = people.named(reading, {"nl": "m07", "en": "m08"}[language])
    assert newcomer is not None
    fresh = house.handing_out.issue(COMMAND, newcomer.id, Order("screen", Way.COLLEAGUE))
    page.goto(f"{counter.served.origin}/desk/enrolments/{fresh}")
    row = house.enrolments.look(fresh)
    assert row is not None
    with httpx.Client(base_url=counter.served.origin) as wire:
        device = Device(wire, f"DT-{language}")
        ticket = device.scan(house.enrolments.link(row))
        device.show_card(ticket)
    expect(page.locator("#stage")).to_have_attribute("data-stage", "sent")
    assert looks(page, f"vouch.{language}") == []
    page.fill("#colleague", "jan")
    page.click("#ask")
    expect(page.locator("#asking")).to_be_visible()
    assert looks(page, f"asking.{language}") == []
