"""Typed codes: RFC 6238's window of one step, each step once, ten mistakes and this way is closed; all durable."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pyotp
import pytest

from appliance.wire.enrolment import OtpSeed
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from web.login_portal.rules.codes import matching_step
from web.login_portal.tokens import take_step

pytestmark = pytest.mark.both_stores

RFC_SEEDS = {
    "SHA1": b"12345678901234567890",
    "SHA256": b"12345678901234567890123456789012",
    "SHA512": b"1234567890123456789012345678901234567890123456789012345678901234",
}
RFC_6238 = [
    (59, "SHA1", "94287082"),
    (59, "SHA256", "46119246"),
    (59, "SHA512", "90693936"),
    (1111111109, "SHA1", "07081804"),
    (1111111111, "SHA256", "67062674"),
    (1234567890, "SHA512", "93441116"),
    (2000000000, "SHA1", "69279037"),
    (20000000000, "SHA512", "47863826"),
]


@pytest.mark.parametrize(("at", "algorithm", "digits"), RFC_6238)
def test_the_vectors_of_rfc_6238_are_taken(at: int, algorithm: str, digits: str) -> None:
    secret = base64.b32encode(RFC_SEEDS[algorithm]).decode()
    seed = OtpSeed(secret, algorithm, digits=8)
    assert matching_step(seed, digits, at, last_step=-1) == at // 30


@pytest.mark.parametrize(
    ("late", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_the_window_is_one_step_either_way(late: int, taken: bool) -> None:
    seed, now = OtpSeed(pyotp.random_base32(32)), 1_800_000_010
    digits = pyotp.TOTP(seed.secret).at(now + 30 * late)
    assert (matching_step(seed, digits, now, last_step=-1) is not None) is taken


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "9" * 5000]
)
def test_nonsense_is_never_a_code(typed: str) -> None:
    assert matching_step(OtpSeed("A" * 32), typed, 1_800_000_000, last_step=-1) is None


def test_a_step_that_was_taken_is_not_found_again() -> None:
    seed, now = OtpSeed(pyotp.random_base32(32)), 1_800_000_010
    step = now // 30
    digits = pyotp.TOTP(seed.secret).at(now)
    assert matching_step(seed, digits, now, last_step=step - 1) == step
    assert matching_step(seed, digits, now, last_step=step) is None


def test_of_two_who_take_the_same_step_one_gets_it(world: World, token: Device) -> None:
    with world.portal.database.writing() as writing:
        taken = [take_step(writing, token.id, step) for step in (7, 7, 6, 8)]
    assert taken == [True, False, False, True]


def test_a_typed_code_lets_in_and_ends_the_request_on_the_token(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    jan.get("/waiting/code")
    spaced = token.code(world.clock())
    jan.post("/waiting/code", {"code": f"{spaced[:3]} {spaced[3:]}"})
    assert jan.element("how") == "a code from your Desk Token"
    assert [token.open(x).outcome for x in world.letters(token)] == ["code"]


def test_a_code_works_once_also_after_a_restart(
    make_world: Callable[..., World], world: World, jan: Person, token: Device
) -> None:
    digits = token.code(world.clock())
    jan.sign_in()
    jan.post("/waiting/code", {"code": digits})
    again = make_world().browser()
    again.sign_in()
    assert again.post("/waiting/code", {"code": digits}).status_code == 422
    assert "Each code works once" in again.text


def test_an_older_code_does_not_follow_a_newer_one(
    world: World, jan: Person, token: Device
) -> None:
    older = token.code(world.clock())
    world.clock.now += 30
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    again = world.browser()
    again.sign_in()
    assert again.post("/waiting/code", {"code": older}).status_code == 422


def test_wrong_codes_wait_longer_and_longer_and_then_close_this_way(
    world: World, token: Device
) -> None:
    waits = []
    for _ in range(10):
        person = world.browser()
        world.clock.now += 400
        person.sign_in()
        reply = person.post("/waiting/code", {"code": "abcdef"})
        waits.append(reply.status_code)
        person.post("/waiting/cancel")
    assert waits == [422, 422] + [429] * 8
    world.clock.now += 400
    last = world.browser()
    last.sign_in()
    last.post("/waiting/code", {"code": token.code(world.clock())})
    assert "Codes are blocked" in last.text


def test_during_the_wait_even_the_right_code_is_not_heard(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    for _ in range(3):
        jan.post("/waiting/code", {"code": "abcdef"})
    assert "Please wait 2 seconds" in jan.text
    right = token.code(world.clock())
    assert jan.post("/waiting/code", {"code": right}).status_code == 429
    world.clock.now += 3
    assert jan.post("/waiting/code", {"code": right}).status_code == 303


def test_a_code_after_the_end_changes_nothing(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "deny")
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    assert "You chose No" in jan.text
