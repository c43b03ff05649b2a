"""Passkeys: made after a token's yes only, good for their own browser page only, and never from a copy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.login_portal.applications.relying import onward, register, sent_back, walk
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from tests.web.login_portal.security_key import PRESENT, SecurityKey
from web.login_portal import passkeys


def options(person: Person, purpose: str) -> dict[str, Any]:
    headers = {"Origin": person.origin}
    form = {"csrf": person.word, "purpose": purpose}
    reply = person.client.post(
        "/passkeys/options", base_url=person.origin, data=form, headers=headers
    )
    assert reply.status_code == 200, reply.status_code
    return dict(reply.json or {})


def approved(world: World, person: Person, device: Device) -> None:
    person.sign_in()
    device.answer(world.letters(device)[-1], "approve", person.element("match-number"))
    person.post("/waiting/finish")


def add(person: Person, key: SecurityKey, name: str = "left pocket") -> int:
    """Add this key on the person's page; the reply's status."""
    person.get("/account/passkeys")
    credential = key.make(options(person, "register"))
    return person.post("/account/passkeys", {"credential": credential, "name": name}).status_code


def sign_in(person: Person, key: SecurityKey) -> int:
    person.get("/sign-in")
    shown = key.show(options(person, "sign-in"))
    return person.post("/passkeys/sign-in", {"credential": shown}).status_code


@pytest.fixture
def key(world: World, jan: Person, token: Device) -> SecurityKey:
    """A key of Jan's, already registered."""
    approved(world, jan, token)
    made = SecurityKey(jan.origin)
    assert add(jan, made) == 303
    return made


def test_a_passkey_signs_its_person_in(world: World, key: SecurityKey) -> None:
    person = world.browser()
    assert sign_in(person, key) == 303
    assert person.element("person") == "Jan de Vries"
    assert person.element("how") == "a passkey"


def test_a_planted_cookie_does_not_survive_a_passkey(world: World, key: SecurityKey) -> None:
    person, thief = world.browser(), world.browser()
    for browser in (person, thief):
        browser.client.set_cookie("portal-session", "planted", domain="127.0.0.1")
    assert sign_in(person, key) == 303
    assert thief.get("/account").headers["Location"] == "/sign-in"


def test_an_application_hears_that_it_was_phishing_resistant(
    world: World, key: SecurityKey
) -> None:
    rooster, person = register(world), world.browser()
    walk(person, rooster.wish())
    assert person.page is not None
    wish = person.page.request.path.rpartition("/")[2]
    shown = key.show(options(person, "sign-in"))
    person.post("/passkeys/sign-in", {"credential": shown, "wish": wish})
    told = rooster.change(sent_back(person.get(onward(person)))["code"]).json
    assert told is not None
    claims = rooster.read(told["id_token"])
    assert (claims["acr"], claims["amr"]) == ("phr", ["hwk", "user", "mfa"])


def test_a_key_that_travels_is_no_hardware_key(world: World, jan: Person, token: Device) -> None:
    approved(world, jan, token)
    add(jan, SecurityKey(jan.origin, flags=0x01 | 0x04 | 0x08 | 0x10))
    with world.portal.database.reading() as reading:
        (kept,) = passkeys.of_person(reading, _person(world).id)
    assert not kept.bound


def _person(world: World) -> Any:  # noqa: ANN401
    from web.login_portal import people

    with world.portal.database.reading() as reading:
        return people.named(reading, "jan")


def test_only_a_fresh_yes_of_the_token_may_add_one(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    jan.get("/account/passkeys")
    assert 'id="not-fresh"' in jan.text
    jan.post("/passkeys/options", {"purpose": "register"})
    assert jan.page is not None
    assert jan.page.status_code == 403
    jan.get("/account")
    jan.post("/sign-out")
    approved(world, jan, token)
    jan.get("/account/passkeys")
    asked = options(jan, "register")
    world.clock.now += 301
    jan.post("/account/passkeys", {"credential": SecurityKey(jan.origin).make(asked)})
    assert 'id="not-fresh"' in jan.text
    assert 'id="none"' in jan.text


def test_a_passkey_cannot_add_another(world: World, key: SecurityKey) -> None:
    person = world.browser()
    sign_in(person, key)
    person.get("/account/passkeys")
    assert 'id="not-fresh"' in person.text


def test_without_signing_in_there_is_no_list(world: World) -> None:
    person = world.browser()
    assert person.get("/account/passkeys").headers["Location"] == "/sign-in"
    for path in ("/account/passkeys", "/account/passkeys/remove"):
        person.get("/sign-in")
        person.post(path, {"id": "x"})
        assert walk(person, "/account/passkeys").request.path == "/sign-in"


def test_a_challenge_is_for_one_browser_and_one_time(world: World, key: SecurityKey) -> None:
    person, thief = world.browser(), world.browser()
    person.get("/sign-in")
    shown = key.show(options(person, "sign-in"))
    thief.get("/sign-in")
    assert thief.post("/passkeys/sign-in", {"credential": shown}).status_code == 401
    assert person.post("/passkeys/sign-in", {"credential": shown}).status_code == 303
    again = world.browser()
    again.client.set_cookie("portal-session", "x" * 43, domain="127.0.0.1")
    again.get("/sign-in")
    assert again.post("/passkeys/sign-in", {"credential": shown}).status_code == 401


def test_a_challenge_dies_after_two_minutes(world: World, key: SecurityKey) -> None:
    person = world.browser()
    person.get("/sign-in")
    shown = key.show(options(person, "sign-in"))
    world.clock.now += 121
    assert person.post("/passkeys/sign-in", {"credential": shown}).status_code == 401
    assert "That took too long" in person.text
    assert "password and your token" in person.text


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://sign-in.evil.example"},
        {"party": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0x04},
        {"person": "cHg"},
        {"count": -1},
        {"name": b"another key here"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_proof_for_another_page_person_or_key_is_refused(
    world: World, key: SecurityKey, changed: dict[str, Any]
) -> None:
    person = world.browser()
    assert sign_in(person, key) == 303
    for name, value in changed.items():
        setattr(key, name, value)
    stranger = world.browser()
    assert sign_in(stranger, key) == 401
    assert stranger.get("/account").status_code == 303


def test_another_key_under_the_same_name_is_refused(world: World, key: SecurityKey) -> None:
    forged = SecurityKey(key.origin, name=key.name, person=key.person, count=5)
    assert sign_in(world.browser(), forged) == 401


def test_keys_have_names_and_can_be_removed(world: World, jan: Person, key: SecurityKey) -> None:
    second = SecurityKey(jan.origin)
    add(jan, second, "<b>laptop</b>")
    jan.get("/account/passkeys")
    assert "left pocket" in jan.text
    assert "&lt;b&gt;laptop" in jan.text
    with world.portal.database.reading() as reading:
        first = passkeys.of_person(reading, _person(world).id)[0]
    jan.post("/account/passkeys/remove", {"id": first.id})
    assert "left pocket" not in jan.text
    assert jan.post("/account/passkeys/remove", {"id": first.id}).status_code == 422
    assert sign_in(world.browser(), key) == 401
    assert sign_in(world.browser(), second) == 303


def test_nobody_removes_a_passkey_of_somebody_else(
    world: World, jan: Person, key: SecurityKey
) -> None:
    world.portal.add_person("eve", "correct horse battery", phone="0600000000")
    eve = world.browser()
    eve.sign_in("eve")
    world.link(eve, world.device("DT-0666"))
    eve.get("/link")
    eve.post("/link/finish")
    with world.portal.database.reading() as reading:
        mine = passkeys.of_person(reading, _person(world).id)[0]
    eve.get("/account/passkeys")
    assert eve.post("/account/passkeys/remove", {"id": mine.id}).status_code == 422
    assert sign_in(world.browser(), key) == 303
    assert jan.get("/account/passkeys").status_code == 200


@pytest.mark.parametrize("name", ["x" * 33, "a\x00b"])
def test_a_strange_name_is_refused_in_a_sentence(
    world: World, jan: Person, token: Device, name: str
) -> None:
    approved(world, jan, token)
    assert add(jan, SecurityKey(jan.origin), name) == 422
    assert 'id="none"' in jan.text


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1"])
def test_a_key_made_on_another_page_is_not_kept(
    world: World, jan: Person, token: Device, origin: str
) -> None:
    approved(world, jan, token)
    assert add(jan, SecurityKey(origin)) == 422
    assert add(jan, SecurityKey(jan.origin, flags=PRESENT)) == 422
    assert 'id="none"' in jan.text


def test_the_same_key_is_not_added_twice(jan: Person, key: SecurityKey) -> None:
    assert add(jan, key) == 422


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.binary(max_size=9).map(str),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(data=st.data())
def test_no_credential_breaks_it(
    world: World, jan: Person, key: SecurityKey, data: st.DataObject
) -> None:
    """A true proof with one part changed to anything, and text that is no proof at all."""
    person = world.browser()
    person.get("/sign-in")
    proof = json.loads(key.show(options(person, "sign-in")))
    where = proof if data.draw(st.booleans()) else proof["response"]
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(ANY)
    sent = data.draw(st.sampled_from([json.dumps(proof), json.dumps(where), "[", "[" * 9000, ""]))
    assert person.post("/passkeys/sign-in", {"credential": sent}).status_code in (303, 401)
    jan.get("/account/passkeys")
    made = json.loads(SecurityKey(jan.origin).make(options(jan, "register")))
    where = made if data.draw(st.booleans()) else made["response"]
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(ANY)
    assert jan.post("/account/passkeys", {"credential": json.dumps(made)}).status_code in (303, 422)
