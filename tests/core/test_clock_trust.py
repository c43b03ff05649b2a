"""Codes and clocks: no digits in doubt, and never digits that would be wrong, whatever happens to the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from appliance.core import desk as rules
from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import (
    Memory,
    Now,
    Opinion,
    Reading,
    Trust,
    below,
    doubted,
    judge,
    not_before,
)
from appliance.core.desk import Desk
from appliance.core.effects import GiveCode
from appliance.core.events import CodeReady, Ticked
from appliance.core.screen import Digits
from appliance.core.settings import Settings
from appliance.credentials.one_time_codes import Generator, timed_code
from tests.core.person import DEVICE

WALL = 1_800_000_000.0
SEQUENCES, PORTIONS = 100_000, 10
ACCOUNT = Account("a1", Kind.TOTP, "jan", "Rail")
GENERATOR = Generator(bytes(20))
JUMPS = (1, 2, 30, 61, 3600, 86400, 365 * 86400, 3652 * 86400)
STARTS = (WALL, 2**31 - 20.0, 2**32 - 20.0, 1_483_228_790.0)  # ordinary, 2038, 2106, a leap second
Record = Callable[[str, object], None]


@dataclass
class World:
    """The true time, and a device's clocks that follow it as well as they can."""

    chance: Random
    true: float
    error: float = 0.0
    monotonic: float = 50.0
    synchronised: bool = False
    battery_error: float | None = None
    memory: Memory = field(default_factory=Memory)

    def passes(self, seconds: float) -> None:
        self.true += seconds
        self.monotonic += seconds
        self.error += seconds * self.chance.uniform(-40e-6, 40e-6)

    def happens(self) -> None:
        """One thing that may happen to a clock."""
        self.passes(self.chance.choice((0.1, 1.0, 29.0, 31.0, 3600.0, 30 * 3600.0)))
        match self.chance.randrange(7):
            case 0:
                self.synchronised, self.error = True, 0.0
            case 1:
                self.synchronised = False
            case 2 | 3:
                self.synchronised = False
                self.error += self.chance.choice((1, -1)) * self.chance.choice(JUMPS)
            case 4:
                self._power_cut(self.chance.choice((1.0, 40.0, 9 * 3600.0, 40 * 86400.0)))
            case 5:
                self.synchronised = False
                self.error += self.chance.choice((1, -1))  # a leap second that nobody told

    def _power_cut(self, off: float) -> None:
        """The clock resumes where it stopped, unless a battery kept one."""
        self.true += off
        kept = self.battery_error
        self.error = self.error - off if kept is None else kept
        self.monotonic, self.synchronised, self.memory = 20.0, False, Memory()

    def now(self) -> Now:
        wall = self.true + self.error
        battery = None if self.battery_error is None else self.true + self.battery_error
        reading = Reading(
            self.monotonic, wall, self.synchronised, 0.01 if self.synchronised else 16.0, battery
        )
        self.memory, trust = judge(self.memory, reading)
        return Now(self.monotonic, wall, trust)


def glance(desk: Desk, now: Now) -> Desk:
    """One tick, and a vault that answers at once, and only while the clock shows codes."""
    step = rules.step(replace(desk, touched=now.monotonic), Ticked(now))
    for effect in step.effects:
        if isinstance(effect, GiveCode) and now.trust.shows_codes:
            wall = now.wall + (30 if effect.ahead else 0)
            ready = CodeReady(timed_code("a1", GENERATOR, wall))
            step = rules.step(step.desk, ready)
    return step.desk


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_no_random_life_of_a_clock_shows_a_code_in_doubt_or_a_wrong_one(
    portion: int, record_property: Record
) -> None:
    shown = in_doubt = wrong = 0
    for number in range(SEQUENCES // PORTIONS):
        chance = Random(f"{portion} {number}")
        world = World(chance, chance.choice(STARTS), chance.choice((0.0, -7200.0, 5e8)))
        world.battery_error = chance.choice((None, None, 0.5))
        desk = rules.start(world.now(), (ACCOUNT,), Settings(), DEVICE)
        for _ in range(6):
            world.happens()
            now = world.now()
            desk = glance(desk, now)
            if not isinstance(rules.view(desk).body, Digits):
                continue
            shown += 1
            in_doubt += now.trust is Trust.UNKNOWN
            wrong += abs(world.error) > 15.0
    assert shown > SEQUENCES // PORTIONS // 2
    assert (in_doubt, wrong) == (0, 0)
    record_property(
        "figures of random clock sequences",
        {
            "sequences": SEQUENCES // PORTIONS,
            "screens with digits": shown,
            "codes in UNKNOWN": in_doubt,
            "wrong codes": wrong,
        },
    )


def test_nothing_is_remembered_before_the_first_synchronisation() -> None:
    assert Memory() == Memory(None, 0.0, by_hand=False)
    assert judge(Memory(), Reading(5.0, WALL, False, 16.0)) == (Memory(), Trust.UNKNOWN)


def test_a_jump_of_exactly_the_step_is_still_the_same_clock() -> None:
    """An elapsed time of nothing allows the step alone: 1.5 s is a step of the clock, not of somebody's hand."""
    later = Reading(1000.0, WALL + 1.5, synchronised=False, bound=16)
    assert judge(Memory(1000.0, WALL), later)[1] is Trust.HOLDOVER


def test_only_unknown_shows_no_codes() -> None:
    assert [trust for trust in Trust if not trust.shows_codes] == [Trust.UNKNOWN]


@pytest.mark.parametrize(
    ("elapsed", "wall", "trust"),
    [
        (0.0, 0.0, Trust.HOLDOVER),
        (-1.0, -1.0, Trust.UNKNOWN),
        (10.0, 11.4, Trust.HOLDOVER),
        (10.0, 11.6, Trust.UNKNOWN),
        (10.0, 8.6, Trust.HOLDOVER),
        (10.0, 8.4, Trust.UNKNOWN),
        (100_000.0, 100_006.4, Trust.HOLDOVER),
        (100_000.0, 100_006.6, Trust.UNKNOWN),
        (199_999.0, 199_999.0, Trust.HOLDOVER),
        (200_000.0, 200_000.0, Trust.UNKNOWN),
    ],
)
def test_in_holdover_the_wall_clock_walks_with_the_monotonic_one(
    elapsed: float, wall: float, trust: Trust
) -> None:
    later = Reading(1000.0 + elapsed, WALL + wall, synchronised=False, bound=16)
    memory = Memory(1000.0, WALL)
    assert judge(memory, later) == (memory, trust)
    by_hand = replace(memory, by_hand=True)
    marked = Trust.SET if trust is Trust.HOLDOVER else Trust.UNKNOWN
    assert judge(by_hand, later) == (by_hand, marked)


@pytest.mark.parametrize(("bound", "trust"), [(0.99, Trust.SYNCED), (1.0, Trust.UNKNOWN)])
def test_synchronised_means_within_a_second(bound: float, trust: Trust) -> None:
    assert judge(Memory(), Reading(5.0, WALL, synchronised=True, bound=bound))[1] is trust


def test_a_synchronisation_forgets_what_was_set_by_hand() -> None:
    memory, _ = judge(Memory(1.0, WALL, by_hand=True), Reading(5.0, WALL, True, 0.1))
    assert memory == Memory(5.0, WALL)


@pytest.mark.parametrize(
    ("away", "age", "trust"),
    [
        (2.9, 0.0, Trust.RTC),
        (-2.9, 30 * 86400.0, Trust.RTC),
        (3.0, 0.0, Trust.UNKNOWN),
        (0.0, 30 * 86400.0 + 1, Trust.UNKNOWN),
        (0.0, -1.0, Trust.UNKNOWN),
        (0.0, None, Trust.RTC),
    ],
)
def test_a_battery_clock_carries_a_month_when_it_agrees(
    away: float, age: float | None, trust: Trust
) -> None:
    battery = WALL + away
    saved = None if age is None else battery - age
    reading = Reading(5.0, WALL, False, 16, battery, saved)
    assert judge(Memory(), reading)[1] is trust


NOW = Now(5000.0, WALL, Trust.HOLDOVER)


@pytest.mark.parametrize(
    ("offset", "ago", "trust"),
    [
        (30.0, 10.0, Trust.HOLDOVER),
        (31.0, 10.0, Trust.UNKNOWN),
        (-30.0, 0.0, Trust.HOLDOVER),
        (-31.0, 0.0, Trust.UNKNOWN),
        (31.0, 899.0, Trust.UNKNOWN),
        (31.0, 900.0, Trust.HOLDOVER),
        (31.0, -1.0, Trust.HOLDOVER),
    ],
)
def test_a_portal_that_names_another_time_is_believed_enough_to_doubt(
    offset: float, ago: float, trust: Trust
) -> None:
    opinion = Opinion(WALL - ago + offset, NOW.monotonic - ago)
    assert opinion.ahead(NOW) == offset
    assert doubted(NOW, opinion) == replace(NOW, trust=trust)
    assert doubted(NOW, None) is NOW


def test_a_clock_that_is_put_right_is_doubted_no_longer() -> None:
    """The portal said so while ours was two hours late; what it said goes on counting, and ours agrees now."""
    opinion = Opinion(WALL + 7200.0, NOW.monotonic)
    assert doubted(NOW, opinion).trust is Trust.UNKNOWN
    mended = Now(NOW.monotonic + 5.0, WALL + 7205.0, Trust.SYNCED)
    assert doubted(mended, opinion) is mended


def test_never_a_code_of_an_earlier_moment_than_one_that_was_shown() -> None:
    assert not_before(NOW, WALL) is NOW
    assert not_before(NOW, WALL + 1) == replace(NOW, trust=Trust.UNKNOWN)
    synced = replace(NOW, trust=Trust.SYNCED)
    assert not_before(synced, WALL + 1) is synced


def test_the_newest_signed_letter_is_a_floor_with_the_grace_of_one_code() -> None:
    assert below(NOW, WALL + 30) is NOW
    assert below(NOW, WALL + 31) == replace(NOW, trust=Trust.UNKNOWN)


SYNCED = Reading(1000.0, WALL, synchronised=True, bound=0.1, mark=WALL - 60.0)


@pytest.mark.parametrize(
    ("wall", "mark", "trust"),
    [
        (60.0, WALL - 60.0, Trust.SYNCED),
        (61.4, WALL - 60.0, Trust.SYNCED),
        (90.0, WALL - 60.0, Trust.UNKNOWN),
        (-500.0, WALL - 60.0, Trust.UNKNOWN),
        (90.0, WALL + 89.0, Trust.SYNCED),
    ],
    ids=["walked on", "slewed", "put forward", "put back", "synchronised anew"],
)
def test_a_trace_of_a_synchronisation_vouches_for_no_later_jump(
    wall: float, mark: float, trust: Trust
) -> None:
    """Under the sandbox only the service's mark can be read, and it stays when somebody sets the clock."""
    memory, at_first = judge(Memory(), SYNCED)
    assert (memory, at_first) == (Memory(1000.0, WALL, mark=WALL - 60.0), Trust.SYNCED)
    later = replace(SYNCED, monotonic=1060.0, wall=WALL + wall, mark=mark)
    again, at_last = judge(memory, later)
    assert at_last is trust
    assert again == (memory if mark == memory.mark else Memory(1060.0, WALL + wall, mark=mark))


def test_a_clock_set_by_hand_is_not_confirmed_by_an_older_synchronisation() -> None:
    memory = Memory(1000.0, WALL, by_hand=True, mark=WALL - 60.0)
    assert judge(memory, replace(SYNCED, monotonic=1001.0, wall=WALL + 1.0))[1] is Trust.SET
    newer = replace(SYNCED, monotonic=1001.0, wall=WALL + 1.0, mark=WALL + 0.5)
    assert judge(memory, newer)[1] is Trust.SYNCED
    unsure = replace(SYNCED, monotonic=1001.0, wall=WALL + 1.0, bound=1.0)
    assert judge(replace(memory, by_hand=False), unsure)[1] is Trust.HOLDOVER
