"""An application signs its people in: codes, tokens, claims, and everything that is refused on the way."""

from __future__ import annotations

import threading
from urllib.parse import parse_qsl

import pytest

from tests.web.login_portal.applications.relying import (
    Relying,
    approve,
    onward,
    register,
    sent_back,
    signed_in,
    walk,
)
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.rules.roles import COMMAND


@pytest.fixture
def rooster(world: World) -> Relying:
    return register(world)


def code(world: World, jan: Person, token: Device, rooster: Relying) -> str:
    return signed_in(world, jan, token, rooster)["code"]


def test_a_person_signs_in_to_an_application(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    back = signed_in(world, jan, token, rooster)
    assert (back["state"], back["iss"]) == ("st-1", world.portal.config.origin.url)
    told = rooster.change(back["code"]).json
    assert told is not None
    claims = rooster.read(told["id_token"])
    now = int(world.clock())
    assert claims | {"sub": "", "sid": "", "at_hash": ""} == {
        "iss": world.portal.config.origin.url,
        "aud": rooster.id,
        "sub": "",
        "sid": "",
        "at_hash": "",
        "nonce": "no-1",
        "name": "Jan de Vries",
        "preferred_username": "jan",
        "iat": now,
        "exp": now + 300,
        "auth_time": now,
        "acr": "urn:desk-token:number",
        "amr": ["pwd", "swk", "user", "mfa"],
    }
    assert rooster.about(told["access_token"]).json == {
        "sub": claims["sub"],
        "name": "Jan de Vries",
        "preferred_username": "jan",
    }
    assert "refresh_token" not in told


def test_the_token_and_the_pages_name_the_application(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    walk(jan, rooster.wish())
    assert jan.element("for-whom") == "to Rooster"
    jan.post(jan.page.request.path, {"name": "jan", "password": PASSWORD})  # type: ignore[union-attr]
    assert jan.element("service") == "Rooster"
    assert token.open(world.letters(token)[-1]).service == "Rooster"


def test_a_second_application_needs_no_second_approval(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    signed_in(world, jan, token, rooster)
    letters = len(world.letters(token))
    other = register(world, "Verlof")
    assert "code" in sent_back(walk(jan, other.wish()))
    assert len(world.letters(token)) == letters


@pytest.mark.parametrize("wanted", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
def test_an_application_may_want_a_fresh_sign_in(
    world: World, jan: Person, token: Device, rooster: Relying, wanted: dict[str, str]
) -> None:
    signed_in(world, jan, token, rooster)
    world.clock.now += 90
    walk(jan, rooster.wish(**wanted))
    assert 'id="sign-in"' in jan.text
    jan.post(jan.page.request.path, {"name": "jan", "password": PASSWORD})  # type: ignore[union-attr]
    approve(world, jan, token)
    told = rooster.change(sent_back(jan.get(onward(jan)))["code"]).json
    assert told is not None
    assert rooster.read(told["id_token"])["auth_time"] == int(world.clock())


def test_without_prompt_nobody_is_asked(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    back = sent_back(walk(jan, rooster.wish(prompt="none")))
    assert (back["error"], back["state"]) == ("login_required", "st-1")
    signed_in(world, jan, token, rooster)
    assert "code" in sent_back(walk(jan, rooster.wish(prompt="none")))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"request_uri": "https://rooster.example.org/r"}, "request_uri_not_supported"),
        ({"prompt": "consent"}, "consent_required"),
        ({"prompt": "login consent"}, "consent_required"),
        ({"prompt": "create"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"id_token_hint": "a.b.c"}, "invalid_request"),
        ({"scope": 'openid "é\\'}, "invalid_request"),
        ({"nonce": "é"}, "invalid_request"),
        ({"nonce": "a\x00"}, "invalid_request"),
        ({"nonce": "n" * 5000}, "invalid_request"),
    ],
    ids=str,
)
def test_a_wrong_request_goes_back_with_its_error(
    jan: Person, rooster: Relying, changed: dict[str, str], error: str
) -> None:
    back = sent_back(walk(jan, rooster.wish(**changed)))
    assert (back["error"], back["state"]) == (error, "st-1")
    assert "iss" in back


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "https://rooster.example.org/back/"},
        {"redirect_uri": "https://rooster.example.org/back?x=1"},
        {"redirect_uri": "https://rooster.example.org.evil.example/back"},
        {"redirect_uri": ""},
        {"client_id": "app-0000000000000000"},
        {"client_id": ""},
        {"client_id": "é\x00'"},
    ],
    ids=str,
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    jan: Person, rooster: Relying, changed: dict[str, str]
) -> None:
    reply = walk(jan, rooster.wish(**changed))
    assert reply.status_code == 400
    assert "Location" not in reply.headers
    assert 'id="refused"' in jan.text
    assert "evil" not in jan.text
    jan.get(rooster.wish(**changed), Accept_Language="nl")
    assert "Deze aanmelding werkt niet" in jan.text


def test_a_name_that_comes_twice_is_refused(jan: Person, rooster: Relying) -> None:
    assert walk(jan, f"{rooster.wish()}&redirect_uri=https://evil.example").status_code == 400


def test_a_form_from_another_site_begins_as_an_address_does(jan: Person, rooster: Relying) -> None:
    path, _, query = rooster.wish().partition("?")
    elsewhere = {"Origin": "https://a.example", "Sec-Fetch-Site": "cross-site"}
    sent = dict(parse_qsl(query))
    reply = jan.client.post(path, base_url=jan.origin, data=sent, headers=elsewhere)
    assert reply.headers["Location"] == f"{path}?{query}"


def test_a_code_works_once_and_its_copy_ends_what_it_gave(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    given = code(world, jan, token, rooster)
    access = rooster.change(given).json["access_token"]  # type: ignore[index]
    assert rooster.about(access).status_code == 200
    again = rooster.change(given)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")  # type: ignore[index]
    assert rooster.about(access).status_code == 401


def test_of_two_who_bring_a_code_at_the_same_moment_one_gets_it(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    given, heard = code(world, jan, token, rooster), []
    together = threading.Barrier(4)

    def change() -> None:
        together.wait()
        heard.append(rooster.change(given).status_code)

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == [200, 400, 400, 400]


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "https://rooster.example.org/other"},
        {"redirect_uri": ""},
        {"code": "nonsense"},
    ],
    ids=str,
)
def test_a_code_alone_is_worth_nothing(
    world: World, jan: Person, token: Device, rooster: Relying, changed: dict[str, str]
) -> None:
    refused = rooster.change(code(world, jan, token, rooster), **changed)
    assert refused.status_code == 400
    assert "id_token" not in refused.get_data(as_text=True)


def test_a_code_dies_after_a_minute(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    given = code(world, jan, token, rooster)
    world.clock.now += 61
    assert rooster.change(given).json["error"] == "invalid_grant"  # type: ignore[index]


def test_another_application_cannot_use_the_code(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    given, other = code(world, jan, token, rooster), register(world, "Verlof")
    other.verifier = rooster.verifier
    assert other.change(given).json["error"] == "invalid_grant"  # type: ignore[index]
    assert rooster.change(given).status_code == 200


@pytest.mark.parametrize("key", ["", "wrong", "é"])
def test_an_application_must_prove_itself(
    world: World, jan: Person, token: Device, rooster: Relying, key: str
) -> None:
    given = code(world, jan, token, rooster)
    sent = {"grant_type": "authorization_code", "code": given, "client_id": rooster.id}
    refused = rooster.post("/openid/token", sent, key)
    assert refused.status_code in (400, 401)
    assert refused.json["error"] == "invalid_client"  # type: ignore[index]


def test_an_application_without_secret_is_known_by_its_verifier(
    world: World, jan: Person, token: Device
) -> None:
    desk_app = register(world, "Desk", confidential=False)
    given = code(world, jan, token, desk_app)
    assert desk_app.change(given, code_verifier="x" * 43, client_id=desk_app.id).status_code == 400
    fresh = sent_back(walk(jan, desk_app.wish()))["code"]
    assert desk_app.change(fresh, client_id=desk_app.id).status_code == 200


def test_signing_out_ends_what_was_given(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    access = rooster.change(code(world, jan, token, rooster)).json["access_token"]  # type: ignore[index]
    late = sent_back(walk(jan, rooster.wish()))["code"]
    jan.get("/account")
    jan.post("/sign-out")
    assert rooster.about(access).status_code == 401
    assert rooster.change(late).json["error"] == "invalid_grant"  # type: ignore[index]


def test_an_access_token_dies_after_five_minutes(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    access = rooster.change(code(world, jan, token, rooster)).json["access_token"]  # type: ignore[index]
    world.clock.now += 301
    refused = rooster.about(access)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_removed_application_is_unknown_at_once(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    access = rooster.change(code(world, jan, token, rooster)).json["access_token"]  # type: ignore[index]
    world.portal.applications.registrations.remove(COMMAND, rooster.id)
    assert rooster.about(access).status_code == 401
    assert walk(jan, rooster.wish()).status_code == 400
