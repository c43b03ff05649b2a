"""The pages that somebody meets when something is amiss, in a real Chromium: they fit, and everybody can use them.

With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.web.login_portal.desk.counter import link
from tests.web.login_portal.door import Door, open_door
from tests.web.login_portal.person import PASSWORD
from web.login_portal import people
from web.login_portal.store.schema import tickets

LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])
DAY = 86400


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The sign-in, open."""
    with open_door(tmp_path_factory.mktemp("trouble") / "portal") as opened:
        yield opened


@pytest.fixture
def door(doors: Door, language: str) -> Door:
    """The same in this language."""
    doors.page.evaluate(f"window.name = '{language}'")
    return doors


@LANGUAGES
def test_wrong_passwords_in_a_row_ask_for_patience(door: Door) -> None:
    for _ in range(3):
        door.sign_in(f"guess-{door.language}", "wrong")
    assert door.looks("sign-in-wait") == []


@LANGUAGES
def test_an_ended_session_a_stale_form_and_a_missing_page_are_told(door: Door) -> None:
    page, wrong = door.page, list[str]()
    door.sign_in("kim")
    door.presses("#stop")
    wrong += door.looks("signed-out")
    page.goto(f"{door.served.origin}/sign-in?ended")
    wrong += door.looks("session-ended")
    page.evaluate("document.querySelector('.fields [name=csrf]').value = 'stale'")
    page.fill("#name", "kim")
    page.fill("#password", PASSWORD)
    door.presses("#sign-in")
    assert page.get_attribute("#error", "data-status") == "403"
    wrong += door.looks("error-stale")
    page.goto(f"{door.served.origin}/nowhere")
    wrong += door.looks("error-nowhere")
    assert wrong == []


@LANGUAGES
def test_a_qr_that_died_offers_a_new_one(door: Door) -> None:
    door.sign_in("kim")
    with door.served.portal.database.writing() as writing:
        writing.execute(tickets.update().values(expires=time.time() - 1))
    door.looks_again()
    assert door.page.get_attribute("#stage", "data-stage") == "dead"
    assert door.looks("link-dead") == []


@LANGUAGES
def test_a_password_that_ended_and_one_that_was_changed(door: Door) -> None:
    page, house, wrong = door.page, door.served.portal, list[str]()
    name = f"eve{door.language}"
    house.add_person(name, PASSWORD, display="Eve Jansen", phone="0612345678")
    token = link(door.served, door.wire, name, f"DT-{name}")
    with house.database.writing() as writing:
        people.set_password_until(writing, name, time.time() - 2 * DAY)
    door.sign_in(name)
    door.presses("#enter-code")
    page.fill("#code", token.code(time.time()))
    door.presses("#send-code")
    wrong += door.looks("password-ended")
    door.presses("#change-password")
    page.fill("#old", PASSWORD)
    page.fill("#new", "four other longer words")
    door.presses("#save")
    wrong += door.looks("password-changed")
    door.presses("#link-another")
    wrong += door.looks("link-further")
    assert wrong == []
