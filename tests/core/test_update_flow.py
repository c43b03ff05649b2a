"""An update at the panel: only a hold begins it, nothing comes in between, and the end is said."""

from __future__ import annotations

from appliance.core import desk as rules
from appliance.core.desk import Desk
from appliance.core.events import Event, Requested, Ticked
from appliance.core.flows import home, notice, update
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Screen
from appliance.core.settings import Settings
from appliance.core.system_screens import UPDATING, last_words
from appliance.core.updates import (
    InstallUpdate,
    LeaveUpdate,
    Phase,
    UpdateAsked,
    UpdateEnded,
    UpdateMoved,
)
from tests.core.person import JAN, now, request

DEVICE = rules.Device("Desk Token", "DT-1", "1.1.0", "plain file")


def desk() -> Desk:
    return rules.start(now(), (JAN,), Settings(), DEVICE)


def after(known: Desk, *events: Event) -> tuple[Desk, list[object]]:
    """The desk after these, and everything that should be done."""
    effects: list[object] = []
    for event in events:
        step = rules.step(known, event)
        known = step.desk
        effects += step.effects
    return known, effects


def words(screen: Screen) -> str:
    return str(screen)


ASKED = UpdateAsked("1.2.0")
HOLD, TAP = Held(102.0, 105.0), Tapped(Move.OK, 102.0, 102.2)


def test_a_hold_begins_it_and_nothing_else_does() -> None:
    asked, effects = after(desk(), ASKED)
    assert effects == []
    assert InstallUpdate() in after(asked, HOLD)[1]
    left, effects = after(asked, TAP)
    assert isinstance(left.mode, home.Home)
    assert LeaveUpdate() in effects
    assert InstallUpdate() not in effects


def test_a_press_that_began_before_the_question_never_counts() -> None:
    assert InstallUpdate() not in after(desk(), ASKED, Held(99.0, 103.0))[1]


def test_nobody_there_means_no() -> None:
    left, effects = after(desk(), ASKED, Ticked(now(161.0)))
    assert isinstance(left.mode, home.Home)
    assert LeaveUpdate() in effects


def test_the_hold_is_as_long_as_for_other_things_that_matter() -> None:
    assert rules.hold_needed(after(desk(), ASKED)[0]) == 3.0


def test_the_panel_shows_how_far_it_is_and_that_the_plug_stays_in() -> None:
    going, _ = after(desk(), ASKED, HOLD, UpdateMoved(Phase.INSTALLING, 40))
    shown = rules.view(going)
    assert "'40'" in words(shown)
    assert "Leave it plugged in" in words(shown)
    assert shown.bar is not None
    assert shown.bar.fraction == 0.4


def test_no_request_and_no_press_comes_in_between() -> None:
    going, _ = after(desk(), ASKED, HOLD, UpdateMoved(Phase.INSTALLING, 40))
    later, effects = after(going, Requested(request("r9")), HOLD, TAP)
    assert isinstance(later.mode, update.Installing)
    assert not any(isinstance(effect, InstallUpdate) for effect in effects)


def test_a_device_that_was_started_anew_finds_itself_in_the_middle() -> None:
    trying, _ = after(desk(), UpdateMoved(Phase.TRYING, 100))
    assert isinstance(trying.mode, update.Installing)


def test_the_end_is_said_well_or_badly() -> None:
    for event, title in (
        (UpdateEnded("1.2.0"), "Updated"),
        (UpdateEnded("1.2.0", failed=True), "Not updated"),
    ):
        ended, _ = after(desk(), ASKED, HOLD, event)
        assert isinstance(ended.mode, notice.Notice)
        assert ended.mode.title.english == title


def test_an_updater_that_says_nothing_any_more_ends_the_wait() -> None:
    going, _ = after(desk(), ASKED, HOLD)
    ended, _ = after(going, Ticked(now(100.0 + update.SILENCE + 10.0)))
    assert isinstance(ended.mode, notice.Notice)


def test_the_panel_says_updating_while_the_device_starts_anew() -> None:
    assert last_words(None, UpdateMoved(Phase.RESTARTING, 100)) is UPDATING
    assert last_words(UPDATING, UpdateEnded("1.2.0")) is None
