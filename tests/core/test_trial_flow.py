"""A technician's trial: the panel shows what is tried, and no press means anything else."""

from __future__ import annotations

import pytest

from appliance.core import desk as rules
from appliance.core import events as e
from appliance.core import gestures as g
from appliance.core.flows import home, trial
from appliance.core.screen import Viewfinder
from appliance.core.wishes import KeySeen, TryAsked
from tests.core.everything import EVENTS
from tests.core.person import now


def begun(part: str) -> rules.Desk:
    desk = rules.start(now(), (), rules.Settings(), rules.Device("Desk Token", "DT-1", "1", "x"))
    return rules.step(desk, TryAsked(part)).desk


def test_each_key_is_shown_once_in_the_order_of_its_press() -> None:
    desk = begun("keys")
    for role in ("ok", "up", "ok"):
        desk = rules.step(desk, KeySeen(role)).desk
    assert desk.mode.seen == ("ok", "up")


@pytest.mark.parametrize("part", trial.PARTS)
def test_no_press_does_anything_in_a_trial(part: str) -> None:
    for event in (each for each in EVENTS if isinstance(each, g.Tapped | g.Held)):
        played = rules.step(begun(part), event)
        assert played.desk.mode.part == part
        assert [
            type(effect).__name__ for effect in played.effects if "Buzz" not in str(effect)
        ] == []


@pytest.mark.parametrize("part", trial.PARTS)
def test_a_trial_ends_when_it_is_told_to_and_after_a_minute(part: str) -> None:
    assert isinstance(rules.step(begun(part), TryAsked("")).desk.mode, home.Home)
    late = e.Ticked(now(100.0 + trial.TRIAL_SECONDS + 1.0))
    assert isinstance(rules.step(begun(part), late).desk.mode, home.Home)


@pytest.mark.parametrize("event", [TryAsked("nothing"), KeySeen("ok")])
def test_without_a_trial_nothing_begins(event: e.Event) -> None:
    desk = rules.start(now(), (), rules.Settings(), rules.Device("Desk Token", "DT-1", "1", "x"))
    assert isinstance(rules.step(desk, event).desk.mode, home.Home)


def test_the_pattern_fills_its_frame_with_even_squares() -> None:
    screen = rules.view(begun("panel"))
    assert isinstance(screen.body, Viewfinder)
    rows = [screen.body.bits[at : at + 9] for at in range(0, len(screen.body.bits), 9)]
    assert len(rows) == trial.HEIGHT
    assert rows[0] == rows[-1] == b"\xff" * 9
    lit = sum(byte.bit_count() for row in rows[2:-2] for byte in row)
    assert lit == 56 * 72 // 2
