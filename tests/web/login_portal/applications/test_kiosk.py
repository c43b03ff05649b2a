"""A kiosk starts a sign-in: no browser, no password, the person's token alone."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.web.login_portal.applications.relying import Relying, register
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from web.login_portal import reports
from web.login_portal.applications.asking import KIOSK_GRANT


@pytest.fixture
def kiosk(world: World) -> Relying:
    return register(world, "Sleutelkast", redirects=(), kiosk="number")


def ask(kiosk: Relying, **changed: str) -> TestResponse:
    sent = {"scope": "openid profile", "login_hint": "jan", "binding_message": "Kast 4 A17"}
    kept = {name: value for name, value in {**sent, **changed}.items() if value}
    return kiosk.post("/openid/backchannel", kept)


def poll(kiosk: Relying, handle: str) -> TestResponse:
    return kiosk.post("/openid/token", {"grant_type": KIOSK_GRANT, "auth_req_id": handle})


def error(reply: TestResponse) -> str:
    assert reply.json is not None
    return str(reply.json["error"])


def started(kiosk: Relying, **changed: str) -> dict[str, str]:
    reply = ask(kiosk, **changed)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    assert reply.json is not None
    return dict(reply.json)


def test_a_kiosk_signs_its_person_in(world: World, token: Device, kiosk: Relying) -> None:
    told = started(kiosk)
    assert (told["expires_in"], told["interval"], told["match"]) == (120, 2, "number")
    letter = token.open(world.letters(token)[-1])
    shown = (letter.person, letter.service, letter.place)
    assert shown == ("Jan de Vries", "Sleutelkast", "Kast 4 A17 · 127.0.0.1")
    world.clock.now += 2
    assert error(poll(kiosk, told["auth_req_id"])) == "authorization_pending"
    assert token.answer(world.letters(token)[-1], "approve", told["number"]) == "approved"
    world.clock.now += 2
    given = poll(kiosk, told["auth_req_id"]).json
    assert given is not None
    claims = kiosk.read(given["id_token"])
    assert (claims["preferred_username"], claims["aud"]) == ("jan", kiosk.id)
    assert (claims["acr"], claims["amr"]) == ("urn:desk-token:number", ["swk", "user"])
    assert "sid" not in claims
    assert kiosk.about(given["access_token"]).json["name"] == "Jan de Vries"  # type: ignore[index]
    assert error(poll(kiosk, told["auth_req_id"])) == "invalid_grant"


@pytest.mark.parametrize("verdict", ["deny", "report", "block", "approve"])
def test_anything_but_the_right_yes_is_a_no(
    world: World, token: Device, kiosk: Relying, verdict: str
) -> None:
    told = started(kiosk)
    wrong = "11" if told["number"] != "11" else "12"
    token.answer(world.letters(token)[-1], verdict, wrong)
    world.clock.now += 2
    refused = poll(kiosk, told["auth_req_id"])
    assert (refused.status_code, error(refused)) == (400, "access_denied")


@pytest.mark.usefixtures("token")
def test_a_kiosk_that_asks_too_often_must_slow_down(world: World, kiosk: Relying) -> None:
    told = started(kiosk)
    world.clock.now += 1
    assert error(poll(kiosk, told["auth_req_id"])) == "slow_down"
    world.clock.now += 3
    assert error(poll(kiosk, told["auth_req_id"])) == "slow_down"
    world.clock.now += 12
    assert error(poll(kiosk, told["auth_req_id"])) == "authorization_pending"


@pytest.mark.usefixtures("token")
def test_after_two_minutes_it_is_over(world: World, kiosk: Relying) -> None:
    told = started(kiosk)
    world.clock.now += 121
    assert error(poll(kiosk, told["auth_req_id"])) == "expired_token"
    world.portal.sweep()
    world.clock.now += 9
    assert error(poll(kiosk, told["auth_req_id"])) == "expired_token"


@pytest.mark.usefixtures("token")
def test_a_name_that_nobody_has_gets_the_same_reply(world: World, kiosk: Relying) -> None:
    known, unknown = started(kiosk), started(kiosk, login_hint="nobody")
    assert known.keys() == unknown.keys()
    assert known["match"] == unknown["match"]
    world.clock.now += 2
    for told in (known, unknown):
        assert error(poll(kiosk, told["auth_req_id"])) == "authorization_pending"
    world.clock.now += 120
    for told in (known, unknown):
        assert error(poll(kiosk, told["auth_req_id"])) == "expired_token"


@pytest.mark.parametrize("name", ["jan", "nobody"])
def test_the_fourth_request_in_five_minutes_is_withheld(
    world: World, token: Device, kiosk: Relying, name: str
) -> None:
    for _ in range(3):
        started(kiosk, login_hint=name)
    refused = ask(kiosk, login_hint=name)
    # CIBA Core 1.0 section 13
    assert (refused.status_code, error(refused)) == (403, "access_denied")
    assert len(world.letters(token)) == (3 if name == "jan" else 0)
    world.clock.now += 301
    started(kiosk, login_hint=name)


def test_somebody_who_wants_peace_is_not_asked(world: World, token: Device, kiosk: Relying) -> None:
    started(kiosk)
    token.answer(world.letters(token)[-1], "block")
    started(kiosk)
    assert world.letters(token) == []


def test_the_stronger_of_two_ways_to_match_is_taken(world: World) -> None:
    world.portal.add_person("els", PASSWORD, phone="0612345678", match="scan")
    els, device = world.browser(), world.device()
    els.sign_in("els")
    world.link(els, device)
    told = started(register(world, "Kast", redirects=(), kiosk="press"), login_hint="els")
    assert told["match"] == "scan"
    assert told["qr"].startswith(f"{els.origin}/l#")
    secret = told["qr"].rpartition("#")[2]
    assert device.answer(world.letters(device)[-1], "approve", secret) == "approved"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"scope": "profile"}, "invalid_scope"),
        ({"login_hint": ""}, "invalid_request"),
        ({"id_token_hint": "x"}, "invalid_request"),
        ({"binding_message": "right \u202eleft"}, "invalid_binding_message"),
        ({"binding_message": "a\x00b"}, "invalid_binding_message"),
        ({"scope": 'openid "é'}, "invalid_request"),
        ({"login_hint": "j" * 5000}, "invalid_request"),
    ],
    ids=str,
)
def test_a_wrong_request_asks_nobody(
    world: World, token: Device, kiosk: Relying, changed: dict[str, str], wanted: str
) -> None:
    refused = ask(kiosk, **changed)
    assert (refused.status_code, error(refused)) == (400, wanted)
    assert world.letters(token) == []


def test_a_long_message_is_clipped_to_one_line(world: World, token: Device, kiosk: Relying) -> None:
    started(kiosk, binding_message="Kast\n4\t" + "x" * 300)
    place = token.open(world.letters(token)[-1]).place
    assert place == f"Kast 4 {'x' * 24}… · 127.0.0.1"


def test_only_a_kiosk_with_its_secret_may_ask(world: World, token: Device, kiosk: Relying) -> None:
    browser_only = register(world)
    assert error(ask(browser_only)) == "unauthorized_client"
    assert (
        error(kiosk.post("/openid/backchannel", {"scope": "openid"}, "wrong")) == "invalid_client"
    )
    assert error(kiosk.post("/openid/backchannel", {"client_id": kiosk.id}, "")) == "invalid_client"
    assert world.letters(token) == []


def test_another_kiosk_cannot_fetch_it(world: World, token: Device, kiosk: Relying) -> None:
    told, other = started(kiosk), register(world, "Kast 2", redirects=(), kiosk="number")
    token.answer(world.letters(token)[-1], "approve", told["number"])
    world.clock.now += 2
    assert error(poll(other, told["auth_req_id"])) == "invalid_grant"
    assert error(poll(kiosk, "nonsense")) == "invalid_grant"
    assert poll(kiosk, told["auth_req_id"]).status_code == 200


def test_the_desk_hears_of_a_kiosk_that_asks_too_often(
    world: World, token: Device, kiosk: Relying
) -> None:
    del token
    for _ in range(3):
        started(kiosk)
    assert error(ask(kiosk)) == "access_denied"
    with world.portal.database.reading() as reading:
        assert [one.kind for one in reports.listed(reading)] == ["withheld"]


def test_the_desk_hears_nothing_of_a_name_that_nobody_has(world: World, kiosk: Relying) -> None:
    for _ in range(3):
        started(kiosk, login_hint="nobody-at-all")
    assert error(ask(kiosk, login_hint="nobody-at-all")) == "access_denied"
    with world.portal.database.reading() as reading:
        assert reports.listed(reading) == []
