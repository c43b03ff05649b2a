"""Too many wrong passwords: the account locks, its owner's token unlocks it, and a stranger learns nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.rules.locking import LOCK_AFTER, Miss, evidence

pytestmark = pytest.mark.both_stores


def lock(world: World, name: str = "jan", person: Person | None = None) -> Person:
    """Give wrong passwords, with patience, until the account locks."""
    stranger = person or world.browser()
    for _ in range(LOCK_AFTER):
        stranger.sign_in(name, "wrong")
        world.clock.now += 60
    return stranger


def standing(person: Person) -> str:
    person.get("/locked")
    found = re.search(r'data-standing="([a-z]+)"', person.text)
    return found[1] if found else ""


def unlock_letter(world: World, token: Device) -> str:
    return next(x for x in world.letters(token) if token.open(x).kind == "unlock")


def test_five_wrong_passwords_lock_and_ask_the_token(world: World, token: Device) -> None:
    stranger = world.browser()
    for _ in range(LOCK_AFTER - 1):
        stranger.sign_in(password="wrong")
        world.clock.now += 60
        assert world.letters(token) == []
    assert stranger.sign_in(password="wrong").headers["Location"] == "/locked"
    letter = token.open(unlock_letter(world, token))
    assert (letter.kind, letter.person, letter.match) == ("unlock", "Jan de Vries", "press")
    assert re.fullmatch(r"5 × \d\d:\d\d 127\.0\.0\.1", letter.note)
    assert standing(stranger) == "open"


@pytest.mark.usefixtures("token")
def test_a_right_password_in_between_begins_the_count_anew(world: World) -> None:
    for _ in range(3):
        person = world.browser()
        for _ in range(LOCK_AFTER - 1):
            person.sign_in(password="wrong")
            world.clock.now += 60
        assert person.sign_in().headers["Location"] == "/waiting"
        person.post("/waiting/cancel")
        world.clock.now += 400


def test_the_right_password_opens_nothing_while_locked(world: World, token: Device) -> None:
    lock(world)
    for password in (PASSWORD, "wrong"):
        person = world.browser()
        assert person.sign_in(password=password).headers["Location"] == "/locked"
        assert person.get("/account").headers["Location"] == "/sign-in"
        assert person.get("/waiting").headers["Location"] == "/sign-in"
        assert person.get("/link").status_code == 303
    assert [token.open(x).kind for x in world.letters(token)].count("login") == 0


def test_a_yes_unlocks_and_the_password_is_the_same(world: World, token: Device) -> None:
    stranger = lock(world)
    assert token.answer(unlock_letter(world, token), "approve") == "approved"
    assert standing(stranger) == "unlocked"
    assert stranger.get("/account").headers["Location"] == "/sign-in"
    world.clock.now += 1
    jan = world.browser()
    assert jan.sign_in().headers["Location"] == "/waiting"
    number = jan.element("match-number")
    login = next(x for x in world.letters(token) if token.open(x).kind == "login")
    assert token.answer(login, "approve", number) == "approved"


def test_no_delay_is_left_after_unlocking(world: World, token: Device) -> None:
    stranger = world.browser()
    lock(world, person=stranger)
    token.answer(unlock_letter(world, token), "approve")
    judged = world.portal.passwords.judge("jan", PASSWORD, "127.0.0.1", world.clock())
    assert judged.person is not None


def test_not_me_keeps_it_locked_and_tells_the_desk(world: World, token: Device) -> None:
    stranger = lock(world)
    assert token.answer(unlock_letter(world, token), "report") == "reported"
    assert standing(stranger) == "reported"
    assert world.browser().sign_in().headers["Location"] == "/locked"
    assert stranger.post("/locked/again").headers["Location"] == "/locked"
    assert world.letters(token) == []
    assert any(line.startswith("service desk told") for line in world.log.lines)
    assert world.portal.unlocks.lift(world.portal.passwords.account("JAN "))
    assert world.browser().sign_in().headers["Location"] == "/waiting"


def test_without_an_answer_it_stays_locked_and_may_be_asked_again(
    world: World, token: Device
) -> None:
    stranger = lock(world)
    world.clock.now += 121
    world.portal.sweep()
    assert standing(stranger) == "silent"
    stranger.post("/locked/again")
    assert standing(stranger) == "open"
    assert token.answer(unlock_letter(world, token), "approve") == "approved"


@pytest.mark.usefixtures("token")
def test_a_stranger_rings_a_token_three_times_an_hour(world: World) -> None:
    stranger, heard = lock(world), []
    for _ in range(4):
        world.clock.now += 130
        world.portal.sweep()
        stranger.get("/locked")
        heard.append(stranger.post("/locked/again").status_code)
    assert heard == [303, 303, 429, 429]
    assert 'id="trouble"' in stranger.text
    world.clock.now += 3600
    lock(world, person=stranger)
    stranger.post("/locked/again")
    assert standing(stranger) == "open"


def test_an_open_request_is_not_doubled(world: World, token: Device) -> None:
    stranger = lock(world)
    world.clock.now -= 50
    for _ in range(3):
        stranger.get("/locked")
        stranger.post("/locked/again")
    assert [token.open(x).kind for x in world.letters(token)] == ["unlock"]


def test_the_service_desk_unlocks_by_command(world: World) -> None:
    lock(world)
    heard = [world.command("user", "unlock", "jan") for _ in range(2)]
    assert [told.exit_code for told in heard] == [0, 1]
    assert heard[1].output == "Error: This account is not locked\n"
    assert world.portal.passwords.judge("jan", PASSWORD, "10.0.0.7", world.clock()).person


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("password", ["wrong", PASSWORD])
def test_a_name_that_nobody_has_locks_in_the_same_way(world: World, password: str) -> None:
    told = []
    for name in ("jan", "nobody"):
        stranger = lock(world, name)
        again = world.browser()
        again.sign_in(name, password)
        for person in (stranger, again):
            person.get("/locked")
            told.append(re.sub(r'value="[^"]+"|data-left="\d+"', "", person.text))
        world.clock.now = world.clock.now - 60 * LOCK_AFTER
    assert len(set(told)) == 1
    assert "password" not in told[0].split("<main")[1].lower()
    assert "jan" not in told[0].lower()


def test_one_source_cannot_lock_a_whole_station(world: World) -> None:
    names = [f"person{number}" for number in range(8)]
    for name in names:
        world.portal.add_person(name, PASSWORD)
        lock(world, name)
        world.clock.now -= 300
    judge, now = world.portal.passwords.judge, world.clock() + 400
    locked = [name for name in names if judge(name, PASSWORD, "10.0.0.7", now).locked]
    assert locked == names[:3]


def test_somebody_elses_token_cannot_unlock(world: World, token: Device) -> None:
    world.portal.add_person("eve", PASSWORD, phone="0600000000")
    eve = world.browser()
    eve.sign_in("eve")
    foreign = world.link(eve, world.device("DT-0666"))
    stranger = lock(world)
    letter = unlock_letter(world, token)
    assert foreign.send(foreign.answer_text(letter, "approve")).status_code == 403
    assert standing(stranger) == "open"


def test_an_unlock_request_lets_no_browser_in(world: World, token: Device) -> None:
    stranger = lock(world)
    token.answer(unlock_letter(world, token), "approve")
    for path in ("/waiting/finish", "/link/finish", "/link/new", "/waiting/code"):
        stranger.post(path, {"code": token.code(world.clock())})
        assert stranger.get("/account").headers["Location"] == "/sign-in"


def test_a_lock_survives_a_restart(world: World, make_world: Callable[..., World]) -> None:
    lock(world)
    again = make_world()
    again.clock.now = world.clock.now
    assert again.browser().sign_in().headers["Location"] == "/locked"


def test_the_evidence_says_how_often_when_and_where() -> None:
    start = 1_800_000_000.0
    told = evidence([Miss("Utrecht", start), Miss("Zwolle", start + 60), Miss("Utrecht", start)])
    assert re.fullmatch(r"2 × \d\d:\d\d Utrecht, 1 × \d\d:\d\d Zwolle", told)
    many = evidence([Miss(f"Station {number}" * 8, start) for number in range(9)])
    assert many.count("×") == 3
