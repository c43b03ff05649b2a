"""What a token is told of its person, and the password that ends: warned of in time, changed on the portal."""

from __future__ import annotations

import pytest

from appliance.core.errors import Refused
from appliance.core.local_time import local
from appliance.wire.paths import PROFILE
from appliance.wire.profile import open_statement
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal import people
from web.login_portal.rules.expiry import end_of_day
from web.login_portal.rules.names import new_password

pytestmark = pytest.mark.both_stores

DAY, FRESH = 86400.0, "vier lange woorden achter elkaar"


def ends_in(world: World, days: float) -> None:
    with world.portal.database.writing() as writing:
        people.set_password_until(writing, "jan", world.clock() + days * DAY)


def signed_in(world: World, person: Person, token: Device) -> Person:
    world.clock.now += 31
    person.sign_in()
    person.post("/waiting/code", {"code": token.code(world.clock())})
    assert person.element("person") == "Jan de Vries"
    return person


def test_a_token_hears_of_its_person(world: World, token: Device) -> None:
    ends_in(world, 20)
    reply = token.ask(PROFILE, world.portal.config.origin.url, world.clock())
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/jose"
    said = open_statement(reply.text, token.portal)
    assert (said.iss, said.aud) == (world.portal.config.origin.url, token.id)
    assert (said.person, said.label, said.issued) == ("Jan de Vries", "jan", world.clock())
    assert said.password_until == world.clock() + 20 * DAY


def test_a_token_hears_how_its_approvals_are_matched(world: World, token: Device) -> None:
    with world.portal.database.writing() as writing:
        people.set_match(writing, "jan", "scan")
    reply = token.ask(PROFILE, world.portal.config.origin.url, world.clock())
    assert open_statement(reply.text, token.portal).match == "scan"


def test_nobody_said_when_it_ends(world: World, token: Device) -> None:
    reply = token.ask(PROFILE, world.portal.config.origin.url, world.clock())
    assert open_statement(reply.text, token.portal).password_until is None


def test_asking_twice_with_one_proof_tells_the_same(world: World, token: Device) -> None:
    origin = world.portal.config.origin.url
    proof = token.assertion(origin, world.clock(), aud=f"{origin}{PROFILE}")
    heard = [token.wire.post(PROFILE, content=proof) for _ in range(2)]
    assert [reply.status_code for reply in heard] == [200, 200]


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "http://127.0.0.1:8443/device/v1/token"},
        {"aud": "https://elsewhere.example/device/v1/profile"},
        {"sub": "somebody else"},
        {"exp": 1_800_100_000.0},
        {"iat": 1_799_990_000.0, "exp": 1_799_990_060.0},
        {"jti": ""},
    ],
    ids=lambda changed: next(iter(changed.values())),
)
def test_another_proof_tells_nothing(
    world: World, token: Device, changed: dict[str, object]
) -> None:
    reply = token.ask(PROFILE, world.portal.config.origin.url, world.clock(), **changed)
    assert reply.status_code == 403
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_stranger_is_told_nothing(world: World, token: Device) -> None:
    forger = Device(token.wire, grant=token.grant)
    reply = forger.ask(PROFILE, world.portal.config.origin.url, world.clock())
    assert reply.status_code == 403


@pytest.mark.parametrize(
    ("days", "words"),
    [(14.5, "14 more days"), (7, "7 more days"), (1.2, "1 more day<"), (0.3, "ends today"),
     (-2, "has expired")],
)  # fmt: skip
def test_the_page_warns_in_time(
    world: World, jan: Person, token: Device, days: float, words: str
) -> None:
    ends_in(world, days + 31 / DAY)
    signed_in(world, jan, token)
    assert words in jan.text
    assert 'id="password-until"' in jan.text


def test_far_from_the_end_the_page_names_the_day_only(
    world: World, jan: Person, token: Device
) -> None:
    ends_in(world, 40)
    signed_in(world, jan, token)
    assert 'id="password-ends"' not in jan.text
    assert 'id="password-until"' in jan.text


def test_a_changed_password_is_the_password(world: World, jan: Person, token: Device) -> None:
    ends_in(world, 3)
    signed_in(world, jan, token)
    jan.get("/account/password")
    jan.post("/account/password", {"old": PASSWORD, "new": FRESH})
    assert 'id="changed"' in jan.text
    assert 'id="password-ends"' not in jan.text
    assert world.browser().sign_in(password=PASSWORD).status_code == 401
    assert world.browser().sign_in(password=FRESH).headers["Location"] == "/waiting"
    said = token.ask(PROFILE, world.portal.config.origin.url, world.clock()).text
    assert open_statement(said, token.portal).password_until == world.clock() + 90 * DAY


def test_every_other_browser_must_sign_in_again(world: World, jan: Person, token: Device) -> None:
    other = signed_in(world, world.browser(), token)
    signed_in(world, jan, token)
    jan.post("/account/password", {"old": PASSWORD, "new": FRESH})
    assert other.get("/account").headers["Location"] == "/sign-in"
    assert jan.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("wrong", FRESH, "old password is not right"),
        (PASSWORD, "short", "8 to 256 characters"),
        (PASSWORD, "Welkom2026!"[:8] + "01", "too easy to guess"),
        (PASSWORD, "12345678", "too easy to guess"),
        (PASSWORD, PASSWORD, "This is the old password"),
    ],
)
def test_what_will_not_do_is_said(
    world: World, jan: Person, token: Device, old: str, new: str, words: str
) -> None:
    signed_in(world, jan, token)
    jan.get("/account/password")
    assert jan.post("/account/password", {"old": old, "new": new}).status_code == 422
    assert words in jan.text
    assert new not in jan.text
    assert world.browser().sign_in().headers["Location"] == "/waiting"


def test_a_password_alone_changes_no_password(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    assert token.grant is not None
    reply = jan.post("/account/password", {"old": PASSWORD, "new": FRESH})
    assert reply.headers["Location"] == "/sign-in?ended"
    assert world.browser().sign_in(password=FRESH).status_code == 401


def test_guessing_the_old_password_locks_the_account(
    world: World, jan: Person, token: Device
) -> None:
    signed_in(world, jan, token)
    for _ in range(5):
        jan.post("/account/password", {"old": "wrong", "new": FRESH})
        world.clock.now += 60
    assert jan.get("/account").headers["Location"] == "/sign-in"
    assert world.browser().sign_in().headers["Location"] == "/locked"


@pytest.mark.parametrize(
    "password",
    ["password", "Password1!", "welkom01", "Welkom2026", "aaaaaaaa", "abababab", "87654321",
     "1234567890", "abcdefgh", "qwertyuiop", "Feyenoord", "jan.devries"],
)  # fmt: skip
def test_the_commonest_passwords_are_refused(password: str) -> None:
    with pytest.raises(Refused, match="too easy to guess"):
        new_password(password, "Jan.deVries")


@pytest.mark.parametrize(
    "password", ["aardbeienjam", "xkcd 936 staple", "Zwolle-perron-4b", "één brug te ver"]
)
def test_no_rule_of_composition_stands_in_the_way(password: str) -> None:
    assert new_password(password, "jan") == password


@pytest.mark.parametrize("day", ["2026-12-31", "2027-06-30", "2027-03-28", "2027-10-31"])
def test_a_day_ends_on_that_day_by_the_panels_clock(day: str) -> None:
    until = end_of_day(day)
    assert until is not None
    assert local(until).strftime("%Y-%m-%d %H:%M:%S") == f"{day} 23:59:59"


def test_the_desk_sets_the_day_by_command(world: World, token: Device) -> None:
    assert world.command("user", "set-password-until", "jan", "2027-06-30").exit_code == 0
    said = token.ask(PROFILE, world.portal.config.origin.url, world.clock()).text
    assert open_statement(said, token.portal).password_until is not None
    assert world.command("user", "set-password-until", "jan", "never").exit_code == 0
    assert world.command("user", "set-password-until", "jan", "31-12-2026").exit_code == 1
    unknown = world.command("user", "set-password-until", "nobody", "never")
    assert unknown.output == "Error: There is nobody with this user name\n"
