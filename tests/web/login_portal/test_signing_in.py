"""Signing in by token: how each answer ends on page and token."""

from __future__ import annotations

import json

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person

pytestmark = pytest.mark.both_stores


def test_a_password_alone_lets_nobody_in(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    assert "Confirm on your Desk Token" in jan.text
    assert jan.get("/account").headers["Location"] == "/sign-in"
    assert jan.post("/waiting/finish").headers["Location"] in {"/waiting", "/sign-in"}
    assert world.letters(token)


def test_a_yes_with_the_right_number_lets_the_browser_in(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    number = jan.element("match-number")
    assert token.answer(world.letters(token)[0], "approve", number) == "approved"
    jan.get("/waiting")
    assert 'data-outcome="approved"' in jan.text
    jan.post("/waiting/finish")
    assert jan.element("person") == "Jan de Vries"


def test_the_letter_says_who_where_and_what_but_not_the_number(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    letter = world.letters(token)[0]
    opened = token.open(letter)
    assert (opened.person, opened.service, opened.place) == (
        "Jan de Vries",
        "Werkplek",
        "127.0.0.1",
    )
    assert opened.match == "number"
    assert opened.exp - opened.iat == 120
    values = [value for key, value in vars_of(opened).items() if key not in {"iat", "exp"}]
    assert jan.element("match-number") not in values


def vars_of(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("verdict", "outcome", "words"),
    [("deny", "denied", "You chose No"), ("report", "reported", "Thank you for reporting")],
)
def test_a_no_ends_the_login_with_a_clear_text(
    world: World, jan: Person, token: Device, verdict: str, outcome: str, words: str
) -> None:
    jan.sign_in()
    assert token.answer(world.letters(token)[0], verdict) == outcome
    jan.get("/waiting")
    assert words in jan.text
    assert jan.post("/waiting/finish").headers["Location"] == "/waiting"


def test_a_wrong_number_kills_the_login(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    letter, right = world.letters(token)[0], jan.element("match-number")
    wrong = "11" if right != "11" else "12"
    assert token.answer(letter, "approve", wrong) == "mismatch"
    assert token.answer(letter, "approve", right) == "mismatch"
    jan.get("/waiting")
    assert "That was another number" in jan.text


def test_a_person_with_press_policy_needs_no_number(world: World) -> None:
    world.portal.add_person("piet", PASSWORD, match="press", phone="0612345678")
    piet, device = world.browser(), world.device()
    piet.sign_in("piet")
    world.link(piet, device)
    piet = world.browser()
    piet.sign_in("piet")
    assert "match-number" not in piet.text
    assert device.answer(world.letters(device)[0], "approve") == "approved"


def test_cancel_at_the_browser_tells_the_token(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    request = token.open(world.letters(token)[0]).jti
    jan.post("/waiting/cancel")
    assert "Cancelled" in jan.text
    closed = [token.open(letter) for letter in world.letters(token)]
    assert [(x.kind, x.request, x.outcome) for x in closed] == [("closed", request, "cancelled")]


def test_after_two_minutes_both_sides_end(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    letter, number = world.letters(token)[0], jan.element("match-number")
    world.clock.now += 120
    world.portal.sweep()
    assert jan.get("/waiting/state").json == {"state": "expired", "left": 0}
    assert [token.open(x).outcome for x in world.letters(token)] == ["expired"]
    assert token.answer(letter, "approve", number) == "expired"
    jan.get("/waiting")
    assert "Time is up" in jan.text


def test_an_answer_after_the_end_is_late_even_before_the_sweep(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    letter, number = world.letters(token)[0], jan.element("match-number")
    world.clock.now += 120
    assert token.answer(letter, "approve", number) == "expired"


def test_signing_out_ends_the_session_at_once(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "approve", jan.element("match-number"))
    jan.get("/waiting")
    jan.post("/waiting/finish")
    cookies = jan.client.get_cookie("portal-session", domain="127.0.0.1")
    jan.post("/sign-out")
    assert cookies is not None
    jan.client.set_cookie("portal-session", cookies.value, domain="127.0.0.1")
    assert jan.get("/account").headers["Location"] == "/sign-in"


def test_signing_in_again_withdraws_the_browsers_older_request(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    jan.sign_in()
    kinds = [token.open(letter).kind for letter in world.letters(token)]
    assert sorted(kinds) == ["closed", "login"]


def test_the_fourth_unanswered_request_in_five_minutes_is_withheld(
    world: World, token: Device
) -> None:
    for _ in range(3):
        assert world.browser().sign_in().status_code == 303
    fourth = world.browser()
    assert fourth.sign_in().status_code == 429
    assert "Too many requests" in fourth.text
    assert len(world.letters(token)) == 3
    world.clock.now += 301
    assert world.browser().sign_in().status_code == 303


def test_a_yes_shows_that_the_person_is_there(world: World, jan: Person, token: Device) -> None:
    for _ in range(2):
        world.browser().sign_in()
        world.clock.now += 1
    jan.sign_in()
    token.answer(world.letters(token)[-1], "approve", jan.element("match-number"))
    world.clock.now += 1
    assert world.browser().sign_in().status_code == 303


@pytest.mark.usefixtures("token")
def test_state_for_the_script_is_no_secret(jan: Person) -> None:
    jan.sign_in()
    state = jan.get("/waiting/state")
    assert set(json.loads(state.data)) == {"state", "left"}
