"""What the panel shows when a clock jumps: right digits or none, by a second or ten years, in 2038, at leap seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.core import desk as rules
from appliance.core.clock_trust import Memory, Now, Reading, judge
from appliance.core.desk import Desk
from appliance.core.screen import Digits, Lines
from appliance.core.settings import Settings
from appliance.credentials.one_time_codes import timed_code
from tests.core.person import DEVICE
from tests.core.test_clock_trust import ACCOUNT, GENERATOR, WALL, glance

MINUTE, HOUR, DAY, YEAR = 60.0, 3600.0, 86400.0, 365.25 * 86400.0
UNSURE = "Clock not set"


class Device:
    """A clock that was right, and a panel that shows a code."""

    def __init__(self, wall: float = WALL) -> None:
        self.reading = Reading(1000.0, wall, synchronised=True, bound=0.01)
        self.memory = Memory()
        self.desk: Desk = rules.start(self._now(), (ACCOUNT,), Settings(off_after=3600), DEVICE)
        self.passes(0.1)

    def passes(self, seconds: float, jump: float = 0.0, *, synchronised: bool = False) -> str:
        """So much time, and a clock that then stands so much further; what the panel says."""
        old = self.reading
        wall, monotonic = old.wall + seconds + jump, old.monotonic + seconds
        self.reading = replace(old, monotonic=monotonic, wall=wall, synchronised=synchronised)
        self.desk = glance(self.desk, self._now())
        body = rules.view(self.desk).body
        if isinstance(body, Lines):
            return str(getattr(body.lines[0], "english", ""))
        assert isinstance(body, Digits)
        return body.digits

    def _now(self) -> Now:
        self.memory, trust = judge(self.memory, self.reading)
        return Now(self.reading.monotonic, self.reading.wall, trust)


def right(wall: float) -> str:
    """The only digits that are not wrong at this moment."""
    return timed_code("a1", GENERATOR, wall).digits


@pytest.mark.parametrize("sign", [1, -1], ids=["forward", "back"])
@pytest.mark.parametrize(
    "jump",
    [2.0, 30.0, 61.0, HOUR, DAY, 30 * DAY, YEAR, 10 * YEAR],
    ids=["2 s", "30 s", "61 s", "1 h", "1 d", "30 d", "1 y", "10 y"],
)
def test_a_clock_that_jumped_shows_no_digits_until_it_is_synchronised(
    jump: float, sign: int
) -> None:
    device = Device()
    assert device.passes(40.0) == right(WALL + 40.1)
    assert device.passes(1.0, sign * jump) == UNSURE
    assert device.passes(HOUR) == UNSURE
    assert device.passes(1.0, -sign * jump, synchronised=True) == right(device.reading.wall)


@pytest.mark.parametrize("step", [1.0, -1.0])
def test_a_second_more_or_less_is_no_jump_and_its_code_is_taken(step: float) -> None:
    """A leap second that nobody told, or a slewed clock: the portal takes the neighbouring code."""
    device = Device()
    shown = device.passes(10.0, step)
    assert shown == right(device.reading.wall)
    assert shown in {right(WALL + at) for at in (-20.0, 10.0, 40.0)}


@pytest.mark.parametrize(
    "moment", [2**31 - 5.0, 2**32 - 5.0, 1_483_228_795.0], ids=["2038", "2106", "a leap second"]
)
def test_no_turn_of_a_counter_or_a_calendar_changes_the_codes(moment: float) -> None:
    device = Device(moment)
    for _ in range(10):
        shown, wall = device.passes(1.0, synchronised=True), device.reading.wall
        assert shown in {right(wall), right(wall + 6.0)}, (
            "the code, or the coming one with its wait"
        )


def test_a_clock_that_goes_back_and_forth_is_believed_only_where_it_was_right() -> None:
    device = Device()
    assert device.passes(10.0, -HOUR) == UNSURE
    assert device.passes(10.0, HOUR) == right(WALL + 20.1)
