"""Polls are fast while somebody waits, slow otherwise, and slower still when the server says no or nothing."""

from __future__ import annotations

from dataclasses import replace

from appliance.courier.pacing import EAGER, FAST, FAST_FOR, SOON, Pace, failed, stirred, took

MIDDLE = 0.5


def test_nobody_waits_so_it_is_slow_and_spread_out() -> None:
    rests = [took(Pace(), "quiet", 20.0, 100.0, chance)[1] for chance in (0.0, 0.5, 1.0)]
    assert rests == [15.0, 20.0, 25.0]


def test_after_a_stir_it_is_fast_for_a_minute_and_no_longer() -> None:
    pace = replace(stirred(Pace(), 100.0), eager=len(EAGER))
    assert took(pace, "quiet", 20.0, 100.0 + FAST_FOR - 1, MIDDLE)[1] == FAST
    assert took(pace, "quiet", 20.0, 100.0 + FAST_FOR, MIDDLE)[1] == 20.0


def test_a_server_that_rings_too_early_is_asked_a_few_times_at_once() -> None:
    pace, rests = stirred(Pace(), 100.0), []
    for _ in range(6):
        pace, rest = took(pace, "quiet", 20.0, 100.0, MIDDLE)
        rests.append(rest)
    assert tuple(rests) == (*EAGER, FAST, FAST)


def test_a_request_stirs_by_itself() -> None:
    pace, rest = took(Pace(), "request", 60.0, 100.0, MIDDLE)
    assert (rest, pace.fast_until) == (FAST, 160.0)


def test_a_better_time_is_tried_at_once_but_only_once() -> None:
    pace, rest = took(Pace(), "again", 20.0, 100.0, MIDDLE)
    assert rest == SOON
    assert took(pace, "again", 20.0, 101.0, MIDDLE)[1] > SOON


def test_refusals_grow_to_five_minutes_even_while_somebody_waits() -> None:
    pace, rests = stirred(Pace(), 100.0), []
    for _ in range(9):
        pace, rest = took(pace, "refused", 20.0, 100.0, MIDDLE)
        rests.append(rest)
    assert rests[:3] == [20.0, 40.0, 80.0]
    assert rests[-1] == 300.0
    assert took(pace, "quiet", 20.0, 300.0, MIDDLE)[0].refusals == 0


def test_silence_backs_off() -> None:
    pace, rests = Pace(), []
    for _ in range(14):
        pace, rest = failed(pace, MIDDLE)
        rests.append(rest)
    assert rests[0] < rests[1] < rests[2]
    assert rests[-1] >= 60.0
