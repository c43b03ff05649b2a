"""No page is a dead end: errors, an ended session, signing out and addresses of forms all say what to do next."""

from __future__ import annotations

import pytest
from flask import abort

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person, browser
from tests.web.login_portal.test_profiles import signed_in
from web.login_portal.pages.application import application

HEADS = {
    400: ("Dit konden we niet lezen", "This could not be read"),
    403: ("Deze pagina was verouderd", "This page was out of date"),
    404: ("Deze pagina bestaat niet", "This page does not exist"),
    405: ("Deze pagina bestaat niet", "This page does not exist"),
    413: ("Dat was te veel", "That was too much"),
    421: ("Dit is niet ons adres", "This is not our address"),
    429: ("Te veel pogingen", "Too many attempts"),
    500: ("Er ging iets mis", "Something went wrong"),
    503: ("We kunnen u even niet helpen", "We cannot help you for a moment"),
}
METHOD_NOT_ALLOWED = 405
FORMS_ONLY = {
    "/locked/again": "/locked",
    "/link/again": "/link",
    "/waiting/cancel": "/waiting",
    "/passkeys/sign-in": "/",
    "/account/passkeys/remove": "/account/passkeys",
    "/desk/people/p1/issue": "/desk/people/p1",
    "/desk/enrolments/t1/code": "/desk/enrolments/t1",
    "/sign-out/all": "/",
}


@pytest.fixture
def failing(world: World) -> Person:
    """A browser at a portal in which an address fails with any number."""
    app = application(world.portal)
    app.add_url_rule("/fails/<int:code>", "fails", abort)
    return browser(app, world.portal)


@pytest.mark.parametrize("number", HEADS)
@pytest.mark.parametrize("tongue", [0, 1], ids=["nl", "en"])
def test_every_error_is_a_page_in_the_persons_language_with_a_way_on(
    failing: Person, number: int, tongue: int
) -> None:
    language = ("nl", "en")[tongue]
    if number == METHOD_NOT_ALLOWED:
        reply = failing.post("/account", Accept_Language=language)
    else:
        reply = failing.get(f"/fails/{number}", Accept_Language=language)
    assert reply.status_code == number
    assert f'<html lang="{language}">' in failing.text
    assert failing.element("error") == HEADS[number][tongue]
    assert 'id="onward"' in failing.text


def test_somebody_under_a_foreign_name_is_shown_the_right_address(world: World) -> None:
    stranger = world.browser()
    stranger.get("/sign-in", Host="evil.example")
    assert f'href="{world.portal.config.origin.url}/sign-in"' in stranger.text


@pytest.mark.parametrize("path", FORMS_ONLY)
def test_an_address_of_forms_leads_to_the_page_of_its_form(jan: Person, path: str) -> None:
    """As after a change of language, or Enter in the address bar, on a page that came as the reply to a form."""
    assert jan.get(path).headers["Location"] == FORMS_ONLY[path]
    jan.get("/sign-in")
    reply = jan.post("/language", {"language": "en", "back": path})
    assert reply.headers["Location"] == FORMS_ONLY[path]


def test_another_language_keeps_what_was_asked_of_the_page(jan: Person) -> None:
    jan.get("/sign-in?left")
    assert 'name="back" value="/sign-in?left"' in jan.text
    reply = jan.post("/language", {"language": "en", "back": "/desk/people?q=bakker&page=2"})
    assert reply.headers["Location"] == "/desk/people?q=bakker&page=2"


def test_signing_out_is_confirmed(world: World, jan: Person, token: Device) -> None:
    signed_in(world, jan, token)
    jan.post("/sign-out")
    assert jan.element("left") == "You are signed out."
    assert 'id="left"' not in world.browser().get("/sign-in").get_data(as_text=True)


def test_a_form_sent_after_the_session_ended_says_so(
    world: World, jan: Person, token: Device
) -> None:
    signed_in(world, jan, token)
    jan.get("/account/password")
    world.clock.now += 601
    jan.post("/account/password", {"old": PASSWORD, "new": "four other longer words"})
    assert "You are no longer signed in" in jan.text
    assert world.browser().sign_in().headers["Location"] == "/waiting"


@pytest.mark.parametrize("path", ["/account", "/account/passkeys", "/desk", "/waiting", "/link"])
def test_a_page_that_was_left_open_says_why_it_went(jan: Person, path: str) -> None:
    """Whoever types the address was never here, and hears nothing of an end."""
    assert jan.get(path, Sec_Fetch_Site="same-origin").headers["Location"] == "/sign-in?ended"
    assert jan.get(path, Sec_Fetch_Site="none").headers["Location"] == "/sign-in"


def test_guessing_the_old_password_ends_on_the_page_that_unlocks(
    world: World, jan: Person, token: Device
) -> None:
    signed_in(world, jan, token)
    for _ in range(5):
        jan.get("/account/password")
        jan.post("/account/password", {"old": "wrong", "new": "four other longer words"})
        world.clock.now += 60
    assert 'data-standing="open"' in jan.text
    assert token.open(world.letters(token)[-1]).kind == "unlock"


def test_a_person_without_telephone_is_promised_no_text_message(world: World) -> None:
    world.portal.add_person("kim", PASSWORD, display="Kim de Boer")
    kim = world.browser()
    kim.sign_in("kim")
    world.device().scan(kim.link())
    kim.get("/link")
    assert "text message" not in kim.text.split("<footer>")[0]
    assert "Enter the confirm code on your token" in kim.text


def test_somebody_who_links_can_stop(world: World, jan: Person, token: Device) -> None:
    kim = world.browser()
    world.portal.add_person("kim", PASSWORD)
    kim.sign_in("kim")
    assert 'action="/sign-out"' in kim.text
    signed_in(world, jan, token)
    jan.post("/link/new")
    assert 'id="stop" href="/account"' in jan.text
