"""Locking when things happen at the same moment, and what a stranger could read from logs, pages, store or clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from tests.web.login_portal.test_answers import second_token
from tests.web.login_portal.test_locking import lock, standing, unlock_letter

pytestmark = pytest.mark.both_stores
CANARY = "Geheim-Wachtwoord-93"


def together(*acts: Callable[[], object]) -> None:
    """Do all of this at the same moment."""
    gate = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        gate.wait()
        one()

    threads = [threading.Thread(target=act, args=[one]) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_tokens_one_decides_about_the_lock(world: World, jan: Person, token: Device) -> None:
    other = second_token(world, jan, token)
    stranger = lock(world)
    yes = token.answer_text(unlock_letter(world, token), "approve")
    no = other.answer_text(unlock_letter(world, other), "report")
    heard: list[str] = []
    send = [lambda text=text: heard.append(world.device().send(text).json()["outcome"])
            for text in (yes, no)]  # fmt: skip
    together(*send)
    assert len(set(heard)) == 1
    assert standing(stranger) == {"approved": "unlocked", "reported": "reported"}[heard[0]]


def test_wrong_passwords_side_by_side_lock_once(world: World, token: Device) -> None:
    judge, now = world.portal.passwords.judge, world.clock()
    sources = [f"10.0.0.{number}" for number in range(8)]
    tries = [lambda source=source: judge("jan", "wrong", source, now) for source in sources]
    together(*tries)
    assert judge("jan", PASSWORD, "10.0.0.99", now).locked
    assert sum(line.startswith("account locked") for line in world.log.lines) == 1
    assert world.letters(token) == []


def test_asking_side_by_side_sends_one_request(world: World, token: Device) -> None:
    lock(world)
    world.clock.now += 200
    world.portal.sweep()
    account = world.portal.passwords.account("jan")
    together(*[lambda: world.portal.unlocks.ask(account, world.clock())] * 6)
    assert [token.open(x).kind for x in world.letters(token)].count("unlock") == 1


def test_a_password_typed_as_a_name_is_kept_nowhere(world: World) -> None:
    stranger = lock(world, CANARY)
    stranger.get("/locked")
    stranger.post("/locked/again")
    assert CANARY not in stranger.text
    assert CANARY not in "\n".join(world.log.lines)
    folder = world.portal.config.data
    stored = b"".join(path.read_bytes() for path in folder.glob("portal.db*"))
    for seen in (CANARY, CANARY.casefold()):
        assert seen.encode() not in stored


def test_a_locked_account_costs_the_same_as_any_other(world: World) -> None:
    judge, spent = world.portal.passwords.judge, []
    for name in ("jan", "nobody", "els"):
        if name != "els":
            lock(world, name)
        before = time.thread_time()
        for source in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
            judge(name, "wrong", source, world.clock())
        spent.append(time.thread_time() - before)
    assert max(spent) < 3 * min(spent)


def test_an_unlock_request_cannot_be_answered_from_the_login_page(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    waiting = jan.get("/waiting").status_code
    stranger = lock(world)
    assert token.answer(unlock_letter(world, token), "approve") == "approved"
    assert waiting == 200
    assert jan.get("/account").headers["Location"] == "/sign-in"
    assert stranger.get("/account").headers["Location"] == "/sign-in"
