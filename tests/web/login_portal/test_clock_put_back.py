"""A clock that was put back holds nobody up: what lies further ahead than we ever look is over."""

from __future__ import annotations

from web.login_portal.rules.delays import (
    LONGEST,
    PROMPT_WINDOW,
    Strikes,
    prompt_allowed,
    prompt_wait,
)

NOW, HOUR = 1_800_000_000.0, 3600.0


def test_a_delay_that_is_longer_than_any_is_over() -> None:
    struck = Strikes(20).after_one_more(NOW)
    assert struck.seconds_left(NOW) == LONGEST
    assert struck.seconds_left(NOW - HOUR) == 0


def test_requests_of_an_hour_ahead_withhold_nothing() -> None:
    asked = [NOW, NOW + 1, NOW + 2]
    assert not prompt_allowed(asked, NOW + 3)
    assert prompt_wait(asked, NOW + 3) == PROMPT_WINDOW - 3
    assert prompt_allowed(asked, NOW - HOUR)
    assert prompt_wait(asked, NOW - HOUR) == 0


def test_a_worker_whose_clock_is_a_little_behind_counts_them_all() -> None:
    assert not prompt_allowed([NOW, NOW, NOW], NOW - 2)


def test_a_worker_whose_clock_is_a_little_behind_shortens_no_delay() -> None:
    assert Strikes(20).after_one_more(NOW).seconds_left(NOW - 2) == LONGEST + 2
