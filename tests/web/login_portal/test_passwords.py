"""The first factor: same text for unknown and wrong, growing delays per name and source, nothing stored as typed."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.errors import Refused
from tests.web.login_portal.conftest import World
from tests.web.login_portal.person import PASSWORD
from web.login_portal.rules.delays import LONGEST, delay, prompt_allowed, prompt_wait


def said(world: World, name: str, password: str) -> tuple[int, str]:
    person = world.browser()
    status = person.sign_in(name, password).status_code
    return status, person.text.split("<main")[1].replace(name, "")


def test_unknown_name_and_wrong_password_read_the_same(world: World) -> None:
    wrong = [said(world, "jan", "not the password") for _ in range(4)]
    unknown = [said(world, "nobody", "not the password") for _ in range(4)]
    strip = [(status, text.split('name="password"')[0].split("csrf")[0]) for status, text in wrong]
    assert strip == [
        (status, text.split('name="password"')[0].split("csrf")[0]) for status, text in unknown
    ]
    assert [status for status, _ in wrong] == [401, 401, 429, 429]


def test_an_unknown_name_costs_a_hash_as_well(world: World) -> None:
    judge = world.portal.passwords.judge
    spent = []
    for name in ("jan", "nobody"):
        before = _cpu()
        for _ in range(2):
            judge(name, "wrong", "10.0.0.1", world.clock())
        spent.append(_cpu() - before)
    assert 0.3 < spent[0] / spent[1] < 3


def _cpu() -> float:
    import time

    return time.thread_time()


def test_case_and_spaces_around_a_name_do_not_matter(world: World) -> None:
    assert world.browser().sign_in("  JAN ").status_code == 303


def test_while_waiting_even_the_right_password_is_not_heard(world: World) -> None:
    for _ in range(3):
        said(world, "jan", "wrong")
    assert world.browser().sign_in().status_code == 429
    world.clock.now += 3
    assert world.browser().sign_in().status_code == 303


def test_another_source_is_not_locked_out(world: World) -> None:
    judge, now = world.portal.passwords.judge, world.clock()
    for _ in range(6):
        judge("jan", "wrong", "10.0.0.66", now)
    assert judge("jan", PASSWORD, "10.0.0.66", now).person is None
    assert judge("jan", PASSWORD, "10.0.0.7", now).person is not None


def test_tries_side_by_side_are_all_counted(world: World) -> None:
    judge, now = world.portal.passwords.judge, world.clock()
    threads = [
        threading.Thread(target=judge, args=["jan", "wrong", "10.0.0.1", now]) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert judge("jan", PASSWORD, "10.0.0.1", now).person is None


def test_a_right_password_forgets_the_mistakes(world: World) -> None:
    judge, now = world.portal.passwords.judge, world.clock()
    for _ in range(5):
        assert judge("jan", "wrong", "10.0.0.1", now).wait == 0
        assert judge("jan", "wrong", "10.0.0.1", now).wait == 0
        assert judge("jan", PASSWORD, "10.0.0.1", now).person is not None


@pytest.mark.parametrize("name", ["", " ", "a b", "x" * 65, "a\x00b", "a\nb"])
def test_a_name_that_is_no_name_is_refused(world: World, name: str) -> None:
    with pytest.raises(Refused):
        world.portal.add_person(name, PASSWORD)


def test_a_name_is_given_once_and_a_password_has_a_length(world: World) -> None:
    with pytest.raises(Refused, match="taken"):
        world.portal.add_person("Jan", PASSWORD)
    with pytest.raises(Refused, match="8 to 256"):
        world.portal.add_person("piet", "short")


@given(st.integers(0, 10_000))
def test_delays_only_grow_and_stay_bounded(fails: int) -> None:
    assert 0 <= delay(fails) <= delay(fails + 1) <= LONGEST


@given(st.lists(st.floats(0, 10_000), max_size=8), st.floats(0, 10_000))
def test_after_the_named_wait_a_prompt_is_allowed(recent: list[float], now: float) -> None:
    past = [at for at in recent if at <= now]
    assert prompt_allowed(past, now + prompt_wait(past, now) + 0.001)
    assert prompt_allowed(past, now) is (prompt_wait(past, now) == 0)
