"""Requests that nobody asked for: three in five minutes, peace after two Noes, and the service desk hears of it all."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.test_locking import lock, unlock_letter
from web.login_portal import people, quiet, reports, requests, sessions
from web.login_portal.rules.delays import SOURCE_FREE_TRIES, source_delay
from web.login_portal.rules.outcomes import Outcome, SignIn
from web.login_portal.sign_ins import VOUCH
from web.login_portal.store.schema import sessions as session_rows


def kinds(world: World) -> list[str]:
    with world.portal.database.reading() as reading:
        return sorted(report.kind for report in reports.listed(reading))


def jan_of(world: World) -> str:
    with world.portal.database.reading() as reading:
        return people.everybody(reading)[0].id


def peace(world: World) -> float:
    with world.portal.database.reading() as reading:
        return quiet.until(reading, jan_of(world), world.clock())


def refuse(world: World, token: Device, verdict: str) -> None:
    world.browser().sign_in()
    token.answer(world.letters(token)[-1], verdict)
    world.clock.now += 1


@pytest.mark.parametrize("verdict", ["deny", "report"])
def test_two_noes_in_a_row_bring_five_minutes_of_peace(
    world: World, token: Device, verdict: str
) -> None:
    refuse(world, token, verdict)
    assert peace(world) == 0
    refuse(world, token, verdict)
    assert peace(world) == pytest.approx(world.clock() + 300, abs=2)
    third = world.browser()
    third.sign_in()
    assert world.letters(token) == []
    assert "Your token gets no requests until" in third.text
    assert "refused" in kinds(world)


def test_in_peace_a_code_still_lets_its_owner_in(world: World, token: Device) -> None:
    refuse(world, token, "deny")
    refuse(world, token, "deny")
    jan = world.browser()
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    assert jan.element("person") == "Jan de Vries"


def test_a_yes_between_two_noes_keeps_the_requests_coming(world: World, token: Device) -> None:
    refuse(world, token, "deny")
    jan = world.browser()
    jan.sign_in()
    token.answer(world.letters(token)[-1], "approve", jan.element("match-number"))
    refuse(world, token, "deny")
    assert peace(world) == 0


def test_a_shorter_peace_does_not_end_a_longer_one(world: World, token: Device) -> None:
    refuse(world, token, "deny")
    refuse(world, token, "block")
    until = peace(world)
    assert until == pytest.approx(world.clock() + 900, abs=2)
    with world.portal.database.writing() as writing:
        quiet.begin(writing, jan_of(world), world.clock(), 300)
    assert peace(world) == until


@pytest.mark.parametrize(
    ("verdict", "kind"), [("report", "reported"), ("block", "blocked")], ids=["not me", "block me"]
)
def test_the_desk_hears_of_it(world: World, token: Device, verdict: str, kind: str) -> None:
    refuse(world, token, verdict)
    assert kinds(world) == [kind]


def test_the_desk_hears_of_the_fourth_request(world: World, token: Device) -> None:
    assert token.id
    for _ in range(5):
        world.browser().sign_in()
    with world.portal.database.reading() as reading:
        (told,) = reports.listed(reading)
    assert (told.kind, told.name, told.times) == ("withheld", "jan", 2)


def test_the_desk_hears_of_a_lock_and_of_not_me(world: World, token: Device) -> None:
    lock(world)
    token.answer(unlock_letter(world, token), "report")
    assert kinds(world) == ["locked", "reported"]


def test_locks_of_names_nobody_has_are_no_news(world: World) -> None:
    lock(world, "nobody")
    assert kinds(world) == []


def test_guessing_at_many_names_slows_the_source_down(world: World) -> None:
    judge = world.portal.passwords.judge
    waits = [
        judge(f"name{number}", "wrong", "10.0.0.9", world.clock()).wait for number in range(40)
    ]
    assert waits[: SOURCE_FREE_TRIES - 1] == [0] * (SOURCE_FREE_TRIES - 1)
    assert waits[-1] > 0
    assert judge("jan", PASSWORD, "10.0.0.8", world.clock()).person is not None
    assert "guessing" in kinds(world)


def test_one_person_cannot_hold_up_a_station(world: World, token: Device) -> None:
    """Somebody who signed in with this browser before is not delayed by a stranger at the same address."""
    jan = world.browser()
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    jan.post("/sign-out")
    for number in range(SOURCE_FREE_TRIES + 1):
        world.portal.passwords.judge(f"name{number}", "wrong", "127.0.0.1", world.clock())
    assert world.browser().sign_in().status_code == 429
    assert jan.sign_in().headers["Location"] == "/waiting"


def test_a_delay_tells_no_name_from_another(world: World) -> None:
    judge = world.portal.passwords.judge
    for number in range(SOURCE_FREE_TRIES):
        judge(f"name{number}", "wrong", "10.0.0.9", world.clock())
    waits = {judge(name, "wrong", "10.0.0.9", world.clock()).wait for name in ("jan", "nobody")}
    assert len(waits) == 1


def test_the_delay_of_a_source_ends_within_a_minute() -> None:
    delays = [source_delay(fails) for fails in range(200)]
    assert delays == sorted(delays)
    assert max(delays) == 60.0


@pytest.mark.parametrize("name", ["jan", "nobody"])
def test_every_lock_lifts_itself_after_a_month(world: World, name: str) -> None:
    """Alike for a name that somebody has and for one that nobody has: waiting tells nothing."""
    stranger = lock(world, name)
    world.clock.now += 29 * 86400
    world.portal.tidy()
    assert world.portal.passwords.judge(name, "wrong", "10.0.0.7", world.clock()).locked
    world.clock.now += 2 * 86400
    world.portal.tidy()
    assert not world.portal.passwords.judge(name, "wrong", "10.0.0.7", world.clock()).locked
    assert stranger is not None


def test_a_reported_lock_stays_for_the_desk(world: World, token: Device) -> None:
    lock(world)
    token.answer(unlock_letter(world, token), "report")
    world.clock.now += 60 * 86400
    world.portal.tidy()
    assert world.portal.passwords.judge("jan", PASSWORD, "10.0.0.7", world.clock()).locked


@pytest.mark.parametrize("asks", ["unlock", VOUCH])
def test_only_a_login_is_shown_on_the_waiting_page(world: World, token: Device, asks: str) -> None:
    """A browser that waits may not see, finish or end a request of another kind, also of the same person."""
    jan = world.browser()
    jan.sign_in()
    person, now = jan_of(world), world.clock()
    other = SignIn(
        "other", person, "Werkplek", "", "press", "", now, now + 120, Outcome.APPROVED, asks
    )
    cookie = jan.client.get_cookie("portal-session", domain="127.0.0.1")
    assert cookie is not None
    name = sessions.name_of(cookie.value, world.portal.keys)
    with world.portal.database.writing() as writing:
        requests.add(writing, other)
        mine = session_rows.c.id == name
        writing.execute(update(session_rows).where(mine).values(request="other"))
    assert jan.get("/waiting").headers["Location"] == "/sign-in"
    assert jan.post("/waiting/finish").headers["Location"] == "/sign-in"
    assert jan.get("/account").headers["Location"] == "/sign-in"
    assert token.id
