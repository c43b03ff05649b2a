"""Every desk page in a real Chromium: nothing is wider than the window, and no serious finding of axe-core.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.tour.page import browser
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served, served
from web.login_portal import outbox, people
from web.login_portal.handing_out import Order
from web.login_portal.rules.enrolment import Way
from web.login_portal.rules.roles import COMMAND, Role

AXE = Path(__file__).parents[3] / "vendor" / "axe.min.js"
SIZES = {360: 740, 1280: 900}
PICTURES = os.environ.get("PICTURES", "")
HEADING = "name,display,phone,email,match,password,role,serial,until\n"
FILE = (
    HEADING + f"kim,Kim de Boer,0612345678,kim@example.org,press,{PASSWORD},,DT-0007,2030-03-01\n"
)


@dataclass(frozen=True)
class Counter:
    """A served portal with some history, and Ada the admin with her token."""

    served: Served
    page: Page
    token: Device
    paths: dict[str, str]


def link(portal: Served, wire: httpx.Client, name: str, serial: str) -> Device:
    """Link a token to this person, as the enrolment page would."""
    house = portal.portal
    with house.database.reading() as reading:
        person = people.named(reading, name)
    assert person is not None
    ticket_id = house.enrolments.new_ticket(person, "nl", house.clock())
    row = house.enrolments.look(ticket_id)
    assert row is not None
    device = Device(wire, serial)
    ticket = device.scan(house.enrolments.link(row))
    device.show_card(ticket)
    with house.database.reading() as reading:
        code = outbox.latest(reading)[0].text.split("is ")[-1][:6]
    assert device.confirm(ticket, code).status_code == 200
    said = {"software": "1.4.0", "storage": "tpm2", "clock": "synced"}
    device.ask_access(device.assertion(portal.origin, house.clock(), **said))
    return device


def furnish(portal: Served) -> dict[str, str]:
    """A busy morning at the desk: people, a lock, reports, an enrolment of every kind; where its pages are."""
    house, now = portal.portal, portal.portal.clock()
    named = {
        "ada": "Ada Beheer",
        "els": "Els van Dijk-Hartelijkheid tot Nieuwenhuizen",
        "kees": "Kees Bakker",
    }
    made = {
        name: house.add_person(name, PASSWORD, display=shown, phone="0612345678").id
        for name, shown in named.items()
    }
    for number in range(30):
        with house.database.writing() as writing:
            about = {"display": f"Medewerker {number}", "phone": "", "match": "number"}
            people.add(writing, f"m{number:02}", people.OUTSIDE, now, **about)
    house.service_desk.set_role(COMMAND, made["ada"], Role.ADMIN, now)
    house.service_desk.set_contact(COMMAND, made["els"], "0612345678", "els@example.org", now)
    for turn in range(5):
        house.passwords.judge("els", "wrong", f"10.0.0.{turn}", now)
    issue = house.handing_out.issue
    screen = issue(COMMAND, made["kees"], Order("screen", Way.COLLEAGUE))
    letter = issue(
        COMMAND, made["els"], Order("paper", Way.LETTER, "nl", "DT-7F3A-0042", now + 9e5)
    )
    return {
        "overview": "/desk",
        "people": "/desk/people",
        "nobody": "/desk/people?q=zzz",
        "person": f"/desk/people/{made['els']}",
        "linked": "/desk/people/{jan}",
        "screen": f"/desk/enrolments/{screen}",
        "letter": f"/desk/enrolments/{letter}",
        "paper": f"/desk/enrolments/{letter}/paper",
        "box": "/desk/boxes/DT-7F3A-0001",
        "audit": "/desk/audit",
        "import": "/desk/import",
    }


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The desk, open."""
    folder = tmp_path_factory.mktemp("desk") / "portal"
    with served(folder) as portal, httpx.Client(base_url=portal.origin) as wire, browser() as page:
        paths = furnish(portal)
        token = link(portal, wire, "ada", "DT-7F3A-0009")
        jan = link(portal, wire, "jan", "DT-7F3A-0001")
        portal.portal.passwords.judge("jan", "wrong", "10.0.0.1", portal.portal.clock())
        with portal.portal.database.reading() as reading:
            person = people.named(reading, "jan")
        assert person is not None
        assert jan.id
        paths["linked"] = f"/desk/people/{person.id}"
        enter(page, portal, token)
        yield Counter(portal, page, token, paths)


def enter(page: Page, portal: Served, token: Device) -> None:
    """Sign in as everybody does, here with the code on the token."""
    page.goto(f"{portal.origin}/sign-in")
    page.fill("#name", "ada")
    page.fill("#password", PASSWORD)
    page.click("#sign-in")
    page.click("#enter-code")
    page.fill("#code", token.code(time.time()))
    page.click("#send-code")
    page.click("#to-desk")


def findings(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def speak(counter: Counter, language: str) -> None:
    counter.page.goto(f"{counter.served.origin}/desk")
    counter.page.click(f".languages button[value={language}]")
    expect(counter.page.locator("html")).to_have_attribute("lang", language)


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


def looks(page: Page, name: str) -> list[str]:
    """What is wrong with this page at every width; a picture of each is kept."""
    wrong: list[str] = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{name} is {wide} px too wide at {width}"] if wide > 0 else []
        keep(page, f"desk-{name}.{width}")
    return wrong + [f"{name}: {finding}" for finding in findings(page)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_file_is_shown_judged_and_applied(
    counter: Counter, language: str, tmp_path: Path
) -> None:
    page, origin = counter.page, counter.served.origin
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


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_enrolment_is_handed_out_and_its_letter_shown_once(
    counter: Counter, script: bool
) -> None:
    engine = counter.page.context.browser
    assert engine is not None
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
        assert looks(page, "code") == []
        page.emulate_media(media="print")
        keep(page, "desk-code.print")
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


def test_paper_prints_the_code_and_nothing_of_the_page_around_it(counter: Counter) -> None:
    page = counter.page
    page.goto(counter.served.origin + counter.paths["paper"])
    page.emulate_media(media="print")
    for hidden in (".places", ".top", "footer", ".others"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#qr svg")).to_be_visible()
    keep(page, "desk-paper.print")
    page.emulate_media(media="screen")


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


def test_the_page_of_an_enrolment_moves_on_by_itself(counter: Counter) -> None:
    page, house = counter.page, counter.served.portal
    with house.database.reading() as reading:
        newcomer = people.named(reading, "m07")
    assert newcomer is not None
    fresh = house.handing_out.issue(COMMAND, newcomer.id, Order("screen", Way.COLLEAGUE))
    page.goto(f"{counter.served.origin}/desk/enrolments/{fresh}")
    row = house.enrolments.look(fresh)
    assert row is not None
    with httpx.Client(base_url=counter.served.origin) as wire:
        device = Device(wire, "DT-NEW")
        ticket = device.scan(house.enrolments.link(row))
        device.show_card(ticket)
    expect(page.locator("#stage")).to_have_attribute("data-stage", "sent")
    assert looks(page, "vouch") == []
    page.fill("#colleague", "jan")
    page.click("#ask")
    expect(page.locator("#asking")).to_be_visible()


def keep(opened: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        opened.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
