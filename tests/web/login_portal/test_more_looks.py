"""Every other page of a person in a real Chromium, each in the state in which somebody meets it.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route

from tests.web.login_portal.device import Device
from tests.web.login_portal.door import Door, open_door
from tests.web.login_portal.person import PASSWORD
from web.login_portal import outbox, people
from web.login_portal.store.schema import quiet, requests

LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The sign-in, open."""
    with open_door(tmp_path_factory.mktemp("more") / "portal") as opened:
        yield opened


@pytest.fixture
def door(doors: Door, language: str) -> Door:
    """The same in this language, and with nobody tired of questions."""
    doors.page.unroute_all()
    doors.page.evaluate(f"window.name = '{language}'")
    calm(doors)
    return doors


def calm(door: Door, match: str = "number") -> None:
    """As if Jan had not been asked for a long time; how Jan matches from now on."""
    with door.served.portal.database.writing() as writing:
        writing.execute(requests.delete())
        writing.execute(quiet.delete())
        people.set_match(writing, "jan", match)


def stay(door: Door) -> None:
    """Without its script a page waits for its person."""
    door.page.route("**/static/live.js*", lambda going: going.abort())


@LANGUAGES
def test_the_ends_of_a_sign_in(door: Door) -> None:
    page, house, wrong = door.page, door.served.portal, list[str]()
    page.context.clear_cookies()
    page.goto(f"{door.served.origin}/sign-in")
    door.presses(f".languages button[value={door.language}]")
    wrong += door.looks("sign-in")
    for verdict, match in (("deny", ""), ("report", ""), ("approve", "00"), ("block", "")):
        calm(door)
        door.sign_in("jan")
        door.answer(verdict, match)
        page.wait_for_selector("#ended")
        wrong += door.looks(f"ended-{page.get_attribute('#ended', 'data-outcome')}")
    door.sign_in("jan")
    wrong += door.looks("code-only")
    house.sign_ins.expire_due(time.time() + 130)
    door.looks_again()
    wrong += door.looks("ended-expired")
    assert wrong == []


@LANGUAGES
def test_a_yes_and_what_comes_after_it(door: Door) -> None:
    page, wrong = door.page, list[str]()
    stay(door)
    door.sign_in("jan")
    door.answer("approve", page.inner_text("#match-number"))
    door.looks_again()
    wrong += door.looks("go-on")
    door.presses("#go-on")
    wrong += door.looks("signed-in")
    door.presses("#change-password")
    wrong += door.looks("password")
    page.fill("#old", PASSWORD)
    page.fill("#new", "password")
    door.presses("#save")
    wrong += door.looks("password-wrong")
    assert wrong == []


@LANGUAGES
def test_a_qr_to_match_and_a_fourth_request(door: Door) -> None:
    page, wrong = door.page, list[str]()
    for match in ("press", "scan"):
        calm(door, match)
        door.sign_in("jan")
        wrong += door.looks(f"waiting-{match}")
    for _ in range(3):
        door.sign_in("jan")
    assert page.get_attribute("#ended", "data-outcome") == "withheld"
    wrong += door.looks("ended-withheld")
    assert wrong == []


@LANGUAGES
def test_a_locked_account(door: Door) -> None:
    page, house, wrong = door.page, door.served.portal, list[str]()
    for turn in range(5):
        house.passwords.judge("jan", "wrong", f"10.0.{turn}.1", time.time())
    door.sign_in("jan")
    wrong += door.looks("locked-silent")
    door.presses("#ask-again")
    wrong += door.looks("locked-open")
    door.answer("report")
    page.wait_for_selector("[data-standing=reported]")
    wrong += door.looks("locked-reported")
    house.unlocks.lift(house.passwords.account("jan"))
    door.looks_again()
    wrong += door.looks("locked-unlocked")
    assert wrong == []


@LANGUAGES
def test_a_token_is_linked_step_by_step(door: Door) -> None:
    page, house, wrong = door.page, door.served.portal, list[str]()
    name = f"tom{door.language}"
    house.add_person(name, PASSWORD, display="Tom Smit", phone="0612345678")
    door.sign_in(name)
    device = Device(door.wire, f"DT-{name}")
    ticket = device.scan(page.input_value("#link-text"))
    page.wait_for_selector("[data-stage=scanned]", state="attached")
    wrong += door.looks("link-scanned")
    device.show_card(ticket)
    page.wait_for_selector("[data-stage=sent]")
    wrong += door.looks("link-sent")
    with house.database.reading() as reading:
        code = outbox.latest(reading)[0].text.split("is ")[-1][:6]
    device.confirm(ticket, "000000" if code != "000000" else "000001")
    door.looks_again()
    wrong += door.looks("link-wrong")
    device.confirm(ticket, code)
    page.wait_for_selector("[data-stage=linked]")
    wrong += door.looks("link-linked")
    assert wrong == []


@LANGUAGES
def test_pages_beside_the_way(door: Door) -> None:
    page, origin, wrong = door.page, door.served.origin, list[str]()
    door.sign_in("kim")
    page.goto(f"{origin}/e")
    wrong += door.looks("by-phone")
    page.goto(f"{origin}/nowhere")
    wrong += door.looks("error")
    page.goto(f"{origin}/authorize?client_id=nobody")
    wrong += door.looks("refused")
    page.goto(f"{origin}/outbox")
    wrong += door.looks("outbox")
    assert wrong == []


def strange(going: Route) -> None:
    """This one visit began on another site."""
    sent = {**going.request.headers, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    going.fulfill(response=going.fetch(headers=sent))


@pytest.mark.parametrize("language", ["nl"])
def test_the_page_for_a_visit_from_another_site(door: Door) -> None:
    """It speaks both languages, because it cannot know whose visit it is, and goes on by itself."""
    page, origin = door.page, door.served.origin
    page.goto("about:blank")  # the page before it asks no more, and so brings no new cookie
    page.context.clear_cookies()
    page.route("**/sign-in*", lambda going: going.fulfill(status=204))
    page.route("**/sign-in*", strange, times=1)
    page.goto(f"{origin}/sign-in")
    assert page.locator("#once-more").inner_text().startswith("Verder")
    assert door.looks("once-more") == []
