"""A busy service desk that really listens, and Ada who signs in there with a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.tour.page import browser
from tests.web.heard import for_everybody
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served, served
from tests.web.looks import at_every_width, findings
from web.login_portal import outbox, people
from web.login_portal.applications.registry import Wanted
from web.login_portal.handing_out import Order
from web.login_portal.portal import Portal
from web.login_portal.rules.enrolment import Way
from web.login_portal.rules.roles import COMMAND, Role

SIZES = {360: 740, 1280: 900}


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
    said = {"software": "1.4.0", "storage": "TPM 2", "clock": "synced"}
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
        "applications": "/desk/applications",
        "application": f"/desk/applications/{connect(house)}",
        "application-new": "/desk/applications/new",
        "audit": "/desk/audit",
        "import": "/desk/import",
    }


def connect(house: Portal) -> str:
    """Three applications of all kinds; the id of the first."""
    desk, back = house.applications.registrations, "https://rooster.example.org/back"
    bye, hear = "https://rooster.example.org/bye", "https://rooster.example.org/hear"
    first = desk.add(COMMAND, Wanted("Rooster", (back,), (bye,), tell=hear))
    desk.add(COMMAND, Wanted("Sleutelkast", (), kiosk="number"))
    other = desk.add(COMMAND, Wanted("Verlof en verzuim", (back,), confidential=False))
    desk.disable(COMMAND, other.application.id)
    return first.application.id


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


def speak(counter: Counter, language: str) -> None:
    counter.page.goto(f"{counter.served.origin}/desk")
    counter.page.click(f".languages button[value={language}]")
    expect(counter.page.locator("html")).to_have_attribute("lang", language)


@contextmanager
def open_counter(folder: Path) -> Iterator[Counter]:
    """The desk, open."""
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


def looks(page: Page, name: str) -> list[str]:
    """What is wrong with this page at every width; a picture of each is kept."""
    wrong = at_every_width(page, name, f"desk-{name}", SIZES)
    wrong += [f"{name}: {finding}" for finding in findings(page)]
    return wrong + for_everybody(page, name)
