"""Signing out from an application: only its own session ends without a question, and nobody is sent elsewhere."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.web.login_portal.applications.relying import AFTER, Relying, register, signed_in
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person


@pytest.fixture
def rooster(world: World) -> Relying:
    return register(world)


@pytest.fixture
def hint(world: World, jan: Person, token: Device, rooster: Relying) -> str:
    """The ID token of Jan's session."""
    told = rooster.change(signed_in(world, jan, token, rooster)["code"]).json
    assert told is not None
    return str(told["id_token"])


def leave(person: Person, **sent: str) -> str:
    """Where the browser is sent, or nothing."""
    reply = person.get(f"/end-session?{urlencode(sent)}")
    return reply.headers.get("Location", "")


def is_in(person: Person) -> bool:
    return person.get("/account").status_code == 200


def test_the_applications_own_session_ends_and_the_browser_goes_back(
    jan: Person, hint: str
) -> None:
    back = leave(jan, id_token_hint=hint, post_logout_redirect_uri=AFTER, state="bye")
    assert back == f"{AFTER}?state=bye"
    assert not is_in(jan)


def test_an_expired_id_token_is_good_enough_to_leave(world: World, jan: Person, hint: str) -> None:
    world.clock.now += 400
    assert leave(jan, id_token_hint=hint, post_logout_redirect_uri=AFTER) == AFTER
    assert not is_in(jan)


@pytest.mark.parametrize(
    "where", ["https://evil.example", "https://rooster.example.org/back", "//x"]
)
def test_nobody_is_sent_to_an_address_that_is_not_for_this(
    jan: Person, hint: str, where: str
) -> None:
    assert leave(jan, id_token_hint=hint, post_logout_redirect_uri=where) == ""
    assert 'id="signed-out"' in jan.text


def test_without_proof_the_person_is_asked(jan: Person, hint: str) -> None:
    assert hint
    assert leave(jan, post_logout_redirect_uri=AFTER) == ""
    assert 'id="sign-out-question"' in jan.text
    assert is_in(jan)
    leave(jan)
    jan.post("/sign-out/all")
    assert not is_in(jan)


def test_the_id_token_of_an_older_session_ends_no_other(
    world: World, jan: Person, token: Device, rooster: Relying, hint: str
) -> None:
    jan.post("/sign-out")
    signed_in(world, jan, token, rooster)
    leave(jan, id_token_hint=hint)
    assert 'id="sign-out-question"' in jan.text
    assert is_in(jan)


@pytest.mark.parametrize("forged", ["x", "a.b.c", "é", "eyJhbGciOiJub25lIn0.e30.", "\x00" * 9])
def test_a_forged_id_token_ends_nothing(jan: Person, hint: str, forged: str) -> None:
    assert hint
    assert jan.get(f"/end-session?{urlencode({'id_token_hint': forged})}").status_code == 400
    assert is_in(jan)


def test_an_id_token_of_another_application_is_not_its_own(jan: Person, hint: str) -> None:
    assert jan.get(f"/end-session?id_token_hint={hint}&client_id=app-other").status_code == 400
    assert is_in(jan)


def test_somebody_who_is_out_already_just_goes_back(world: World, hint: str) -> None:
    assert leave(world.browser(), id_token_hint=hint, post_logout_redirect_uri=AFTER) == AFTER


def test_a_portal_that_never_signed_anything_knows_no_id_token(world: World) -> None:
    somebody = world.browser()
    assert leave(somebody, id_token_hint="a.b.c") == ""
    assert somebody.page is not None
    assert somebody.page.status_code == 400
