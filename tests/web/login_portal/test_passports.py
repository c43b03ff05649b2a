"""Access tokens: for a linked token's own fresh assertion, once; never for anybody else's."""

from __future__ import annotations

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import update

from tests.web.login_portal.conftest import ORIGIN, World
from tests.web.login_portal.device import Device
from web.login_portal import token_states
from web.login_portal.store.schema import tokens

pytestmark = pytest.mark.both_stores


def test_a_fresh_assertion_gives_an_hour(world: World, token: Device) -> None:
    reply = token.ask_access(token.assertion(ORIGIN, world.clock()))
    assert reply.status_code == 200
    assert reply.json()["token_type"] == "Bearer"
    assert reply.json()["expires_in"] == 3600
    access = reply.json()["access_token"]
    assert world.portal.passports.holder(access, world.clock() + 3599) == token.id


def test_an_assertion_works_once(world: World, token: Device) -> None:
    assertion = token.assertion(ORIGIN, world.clock())
    assert [token.ask_access(assertion).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize("skew", [-290, 290])
def test_a_clock_that_is_five_minutes_off_is_borne(
    world: World, token: Device, skew: float
) -> None:
    assert token.ask_access(token.assertion(ORIGIN, world.clock() + skew)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"iat": 1_800_000_400.0, "exp": 1_800_000_460.0},
        {"iat": 1_799_999_000.0, "exp": 1_799_999_060.0},
        {"exp": 1_800_009_000.0},
        {"exp": 1_799_999_999.0},
        {"aud": "https://elsewhere.example/device/v1/token"},
        {"sub": "somebody"},
        {"iss": "somebody"},
        {"jti": ""},
        {"jti": "x" * 500},
    ],
    ids=["early", "late", "long", "backwards", "aud", "sub", "iss", "no jti", "long jti"],
)
def test_an_altered_assertion_gives_nothing(
    world: World, token: Device, changed: dict[str, object]
) -> None:
    reply = token.ask_access(token.assertion(ORIGIN, world.clock(), **changed))
    assert reply.status_code == 401
    assert reply.json()["error"] == "invalid_client"
    assert reply.headers["content-type"] == "application/problem+json"


def test_another_key_gives_nothing(world: World, token: Device) -> None:
    forger = Device(token.wire, grant=token.grant, signing=OKPKey.generate_key("Ed25519"))
    assert forger.ask_access(forger.assertion(ORIGIN, world.clock())).status_code == 401


def test_an_answer_is_no_assertion(world: World, token: Device) -> None:
    jan = world.browser()
    jan.sign_in()
    assert token.ask_access(token.answer_text(world.letters(token)[0], "deny")).status_code == 401


def test_a_revoked_token_gets_nothing_more(world: World, token: Device) -> None:
    with world.portal.database.writing() as writing:
        writing.execute(update(tokens).values(revoked=world.clock()))
    assert token.ask_access(token.assertion(ORIGIN, world.clock())).status_code == 401


def test_another_grant_type_is_named_as_such(token: Device) -> None:
    reply = token.wire.post("/device/v1/token", data={"grant_type": "password"})
    assert reply.status_code == 400
    assert reply.json()["error"] == "unsupported_grant_type"


def test_odd_words_of_a_linked_token_change_nothing_that_is_known_of_it(
    world: World, token: Device
) -> None:
    said = {"software": "2.0\x1b[2J", "storage": "TPM 2", "clock": "SYN\nCED"}
    assert token.ask_access(token.assertion(ORIGIN, world.clock(), **said)).status_code == 200
    with world.portal.database.reading() as reading:
        state = token_states.of(reading, token.id)
    assert (state.software, state.storage, state.clock) == ("test", "TPM 2", "")
