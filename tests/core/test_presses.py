"""What a press means: taps, holds, bounce, stuck keys and two keys at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from appliance.core.gestures import (
    Gesture,
    Held,
    KeyStuck,
    LetGo,
    Move,
    PressBegan,
    PressEnded,
    Tapped,
)
from appliance.core.presses import Keys, edge, settle

TAP_LIMIT, HOLD = 0.5, 1.0


def play(edges: list[tuple[float, str, bool]], until: float = 5.0) -> list[Gesture]:
    """Feed edges at their times, let time pass in steps of 10 ms, and collect the gestures."""
    keys, heard, at = Keys(), list[Gesture](), 0.0
    left = sorted(edges, key=lambda each: each[0])
    while at < until:
        while left and left[0][0] <= at:
            when, role, down = left.pop(0)
            keys, _ = edge(keys, role, down, when)
        keys, told = settle(keys, at, TAP_LIMIT, HOLD)
        heard += told
        at += 0.01
    return heard


def meanings(heard: list[Gesture]) -> list[type]:
    return [type(each) for each in heard if not isinstance(each, PressBegan | PressEnded)]


def test_a_short_press_is_a_tap() -> None:
    assert meanings(play([(1.0, "ok", True), (1.2, "ok", False)])) == [Tapped]


def test_a_long_press_is_one_hold_and_its_release_is_no_tap() -> None:
    assert meanings(play([(1.0, "ok", True), (3.0, "ok", False)])) == [Held]


def test_a_press_between_tap_and_hold_is_said_aloud() -> None:
    assert meanings(play([(1.0, "ok", True), (1.8, "ok", False)])) == [LetGo]


def test_a_glitch_shorter_than_the_debounce_time_is_nothing() -> None:
    assert play([(1.0, "ok", True), (1.01, "ok", False)]) == []


def test_a_bouncing_press_is_one_tap() -> None:
    bounces = [
        (1.0, "ok", True),
        (1.004, "ok", False),
        (1.006, "ok", True),
        (1.009, "ok", False),
        (1.012, "ok", True),
    ]
    release = [(1.3, "ok", False), (1.303, "ok", True), (1.306, "ok", False)]
    assert meanings(play(bounces + release)) == [Tapped]


def test_a_bouncing_release_does_not_break_a_hold() -> None:
    trembling = [(1.0, "ok", True), (1.5, "ok", False), (1.505, "ok", True), (2.5, "ok", False)]
    assert meanings(play(trembling)) == [Held]


def test_a_key_that_is_stuck_down_does_one_hold_and_nothing_more() -> None:
    assert meanings(play([(1.0, "ok", True)], until=60.0)) == [Held, KeyStuck]


def test_a_second_key_is_ignored_while_one_is_down() -> None:
    both = [(1.0, "ok", True), (1.1, "back", True), (1.2, "back", False), (1.3, "ok", False)]
    assert play(both)[-1] == Tapped(Move.OK, 1.0, 1.3)
    assert meanings(play(both)) == [Tapped]


def test_only_the_main_key_can_hold() -> None:
    assert meanings(play([(1.0, "next", True), (4.0, "next", False)])) == []


def test_an_unknown_role_is_nothing() -> None:
    assert play([(1.0, "power", True), (1.2, "power", False)]) == []


@given(
    some.lists(
        some.tuples(some.floats(0, 9), some.sampled_from(["ok", "back", "up"]), some.booleans()),
        max_size=60,
    )
)
def test_no_storm_of_edges_makes_more_meanings_than_presses(
    edges: list[tuple[float, str, bool]],
) -> None:
    heard = play(edges, until=10.0)
    began = sum(isinstance(each, PressBegan) for each in heard)
    assert len(meanings(heard)) <= began


def test_a_thousand_presses_in_a_second_make_no_hold() -> None:
    storm = [(1 + i / 1000, "ok", i % 2 == 0) for i in range(1000)]
    assert Held not in meanings(play(storm))
