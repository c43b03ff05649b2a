"""How long the loop rests: nobody sees a dark panel move, and a finger on a key must not wait."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.authenticator.glass import DARK
from appliance.authenticator.loop import DARK_TICK, KEY_TICK, TICK, patience
from appliance.core.presses import Keys
from appliance.core.screen import Screen
from appliance.core.system_screens import STARTING

RESTING = Keys()


@pytest.mark.parametrize(
    ("screen", "seconds"),
    [(None, TICK), (STARTING, TICK), (DARK, DARK_TICK)],
    ids=["first", "lit", "dark"],
)
def test_a_dark_panel_lets_the_loop_rest_longer(screen: Screen | None, seconds: float) -> None:
    assert patience(RESTING, screen) == seconds


def test_a_key_that_is_down_is_looked_after_also_in_the_dark() -> None:
    assert patience(replace(RESTING, role="ok"), DARK) == KEY_TICK
