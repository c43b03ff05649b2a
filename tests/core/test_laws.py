"""The laws of the desk, walked over every mode and every event, and over long random lives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from appliance.core import desk as rules
from appliance.core import stories
from appliance.core.clock_trust import Trust
from appliance.core.desk import Desk
from appliance.core.effects import Sign, Wipe
from appliance.core.events import CodeReady, Event, Health, PartChanged, Ticked
from appliance.core.flow import Facts, Mode
from appliance.core.flows import home, login_scan, picking, reset, sign_in, unlock
from appliance.core.gestures import Held
from appliance.core.screen import Digits
from appliance.core.settings import Settings
from tests.core.everything import CODE, EVENT_KINDS, EVENTS, MODES, SETTLES
from tests.core.person import COUNTER, DEVICE, JAN, MAIL, now, said

MAY_SIGN = (*sign_in.MODES, *unlock.MODES, *picking.MODES, login_scan.LoginFound)


def desk_in(mode: Mode, panel: Health = Health.GOOD) -> Desk:
    """A desk in this mode, at 100 s, with two accounts."""
    facts = Facts(now(), (JAN, MAIL, COUNTER), (), Settings(), DEVICE, (("panel", panel),))
    return Desk(facts, mode, touched=100.0)


def named(value: object) -> str:
    return type(value).__name__


def test_the_examples_cover_every_mode_and_every_event() -> None:
    assert {type(mode) for mode in MODES} == set(stories.STORIES)
    assert {type(event) for event in EVENTS} == EVENT_KINDS


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_only_a_hold_that_began_after_the_request_settled_signs(mode: Mode) -> None:
    for event in EVENTS:
        signs = [
            effect
            for effect in rules.step(desk_in(mode), event).effects
            if isinstance(effect, Sign)
        ]
        may = isinstance(mode, MAY_SIGN)
        assert not signs or (may and isinstance(event, Held) and event.began >= SETTLES), (
            mode,
            event,
        )


def test_the_walk_meets_signatures_at_all() -> None:
    met = [
        effect.verdict
        for mode in MODES
        for event in EVENTS
        for effect in rules.step(desk_in(mode), event).effects
        if isinstance(effect, Sign)
    ]
    assert sorted(met) == ["approve"] * 6 + ["block", "deny", "report", "report"]


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_without_a_panel_nothing_is_signed_and_nothing_is_erased(mode: Mode) -> None:
    for event in EVENTS:
        effects = rules.step(desk_in(mode, Health.BAD), event).effects
        assert not any(isinstance(effect, Sign | Wipe) for effect in effects), (mode, event)


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_only_a_hold_on_the_reset_screen_erases(mode: Mode) -> None:
    for event in EVENTS:
        wipes = [
            effect
            for effect in rules.step(desk_in(mode), event).effects
            if isinstance(effect, Wipe)
        ]
        may = (
            isinstance(mode, reset.Offering) and isinstance(event, Held) and event.began >= SETTLES
        )
        assert bool(wipes) == may, (mode, event)


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_every_mode_can_be_shown_after_every_event(mode: Mode) -> None:
    for event in EVENTS:
        after = rules.step(desk_in(mode), event).desk
        assert said(rules.view(after))


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_no_printed_record_shows_a_code(mode: Mode) -> None:
    for event in EVENTS:
        step = rules.step(desk_in(mode), event)
        printed = repr((step, event, rules.view(step.desk)))
        assert not any(
            secret in printed
            for secret in (
                "276210",
                "123456",
                "12345678",
                "'12345'",
                "'123'",
                "'1234'",
                "LOGINSECRET",
            )
        ), (mode, event)


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_every_story_ends_at_home_when_nobody_does_anything(mode: Mode) -> None:
    desk = desk_in(mode)
    for second in range(100, 1000):
        desk = rules.step(desk, Ticked(now(float(second)))).desk
    assert isinstance(desk.mode, home.Home | reset.Wiping), desk.mode


lives = some.lists(
    some.one_of(
        some.sampled_from(EVENTS),
        some.builds(
            lambda at, trust: Ticked(now(at, trust)),
            some.floats(0, 10_000),
            some.sampled_from(list(Trust)),
        ),
        some.just(CodeReady(CODE)),
        some.sampled_from([PartChanged("panel", health) for health in Health]),
    ),
    max_size=40,
)


@given(some.sampled_from(MODES), lives)
@settings(max_examples=3000, deadline=None)
def test_no_digits_of_the_time_are_shown_while_the_clock_is_unknown(
    mode: Mode, life: list[Event]
) -> None:
    desk = desk_in(mode)
    for event in life:
        desk = rules.step(desk, event).desk
        body = rules.view(desk).body
        unknown = desk.now.trust is Trust.UNKNOWN
        assert not (unknown and isinstance(body, Digits) and body.seconds_left is not None)


@given(some.sampled_from(MODES), lives, some.sampled_from(EVENTS))
@settings(max_examples=1000, deadline=None)
def test_no_life_however_long_signs_without_a_settled_hold(
    mode: Mode, life: list[Event], last: Event
) -> None:
    desk = desk_in(mode)
    for event in (*life, last):
        settles_at = getattr(desk.mode, "settles_at", None)
        step = rules.step(desk, event)
        for effect in step.effects:
            if isinstance(effect, Sign):
                assert isinstance(event, Held)
                assert settles_at is not None
                assert event.began >= settles_at
        desk = step.desk


def test_a_code_of_another_time_is_not_shown() -> None:
    late = replace(
        desk_in(home.Home("a1", CODE)), facts=replace(desk_in(home.Home()).facts, now=now(200.0))
    )
    assert "276210" not in said(rules.view(late))
