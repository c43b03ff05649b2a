"""How far the clock is believed: doubt shows no digits, and a clock that resumed after a power cut is doubted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.clock_trust import Memory, Now, Reading, Trust, below, judge
from appliance.hardware.simulated.link import WorldLink
from appliance.hardware.simulated.parts import SimulatedClock
from appliance.hardware.simulated.protocol import ClockIs
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from appliance.hardware.system_clock import (
    SystemClock,
    Word,
    battery_time,
    kernel_word,
    last_sync,
    service_word,
)
from tests.hardware.bodies import soon

WALL = 1_800_000_000.0
UNSURE = Word(synchronised=False, bound=16.0)


def test_a_synchronised_clock_is_believed_and_remembered() -> None:
    memory, trust = judge(Memory(), Reading(5, WALL, synchronised=True, bound=0.1))
    assert (memory, trust) == (Memory(5, WALL), Trust.SYNCED)


def test_the_kernels_word_with_a_wide_bound_is_not_enough() -> None:
    assert judge(Memory(), Reading(5, WALL, synchronised=True, bound=1.5))[1] is Trust.UNKNOWN


def test_a_clock_that_was_never_synchronised_since_the_boot_is_unknown() -> None:
    assert judge(Memory(), Reading(5, WALL, synchronised=False, bound=16))[1] is Trust.UNKNOWN


@pytest.mark.parametrize(
    ("hours", "trust"), [(1, Trust.HOLDOVER), (55, Trust.HOLDOVER), (56, Trust.UNKNOWN)]
)
def test_holdover_lasts_for_55_hours(hours: int, trust: Trust) -> None:
    later = Reading(hours * 3600, WALL + hours * 3600, synchronised=False, bound=16)
    assert judge(Memory(0, WALL), later)[1] is trust


@given(st.floats(2, 3e8).flatmap(lambda x: st.sampled_from([x, -x])), st.floats(0, 7200))
def test_a_jump_of_the_wall_clock_ends_holdover(jump: float, elapsed: float) -> None:
    later = Reading(elapsed, WALL + elapsed + jump, synchronised=False, bound=16)
    assert judge(Memory(0, WALL), later)[1] is Trust.UNKNOWN


def test_a_battery_clock_that_agrees_carries_a_boot_without_network() -> None:
    agrees = Reading(5, WALL, synchronised=False, bound=16, battery=WALL - 1)
    differs = Reading(5, WALL, synchronised=False, bound=16, battery=WALL - 4000)
    assert judge(Memory(), agrees)[1] is Trust.RTC
    assert judge(Memory(), differs)[1] is Trust.UNKNOWN


def test_a_time_before_the_newest_letter_is_not_believed() -> None:
    now = Now(1, WALL, Trust.SYNCED)
    assert below(now, WALL - 10).trust is Trust.SYNCED
    assert below(now, WALL + 301).trust is Trust.UNKNOWN


def test_the_system_clock_follows_the_kernels_word() -> None:
    words = iter([UNSURE, Word(True, 0.01), UNSURE])
    clock = SystemClock(kernel=lambda _: next(words), battery=lambda: None, saved=lambda: None)
    trusts = [clock.now().trust for _ in range(3)]
    assert trusts == [Trust.UNKNOWN, Trust.SYNCED, Trust.HOLDOVER]


def test_the_kernel_can_be_asked() -> None:
    said = kernel_word()
    assert isinstance(said.synchronised, bool)
    assert 0 <= said.bound < 1e6
    assert said.mark is None


def test_only_a_known_battery_clock_is_asked(tmp_path: Path) -> None:
    assert battery_time(tmp_path) is None
    (tmp_path / "since_epoch").write_text("1800000000\n")
    (tmp_path / "name").write_text("rtc_cmos\n")
    assert battery_time(tmp_path) is None
    (tmp_path / "name").write_text("rtc-ds1307 1-0068\n")
    assert battery_time(tmp_path) == WALL


def test_in_the_sandbox_the_services_mark_speaks_for_the_kernel(tmp_path: Path) -> None:
    """`ProtectClock=` refuses adjtimex; timesyncd touches its mark at every synchronisation of this boot."""
    mark = tmp_path / "synchronized"
    assert service_word(WALL, mark) == UNSURE
    mark.touch()
    os.utime(mark, (WALL, WALL))
    assert service_word(WALL + 100, mark) == Word(True, pytest.approx(0.05), WALL)
    assert service_word(WALL - 1, mark) == Word(False, 16.0, WALL)
    late = service_word(WALL + 3600, mark)
    assert late.synchronised
    assert judge(Memory(), Reading(1, WALL, True, late.bound))[1] is Trust.UNKNOWN


def test_a_clock_that_a_technician_set_is_marked_until_it_is_synchronised() -> None:
    said = [UNSURE]
    clock = SystemClock(lambda _: said[0], lambda: None, lambda: None)
    assert clock.now().trust is Trust.UNKNOWN
    clock.set_by_hand()
    assert clock.now().trust is Trust.SET
    said[0] = Word(True, 0.01)
    assert clock.now().trust is Trust.SYNCED
    said[0] = UNSURE
    assert clock.now().trust is Trust.HOLDOVER


def test_an_older_synchronisation_does_not_confirm_a_clock_that_was_set_by_hand() -> None:
    said = [Word(True, 0.01, 5.0)]
    clock = SystemClock(lambda _: said[0], lambda: None, lambda: None)
    clock.set_by_hand()
    assert clock.now().trust is Trust.SET
    said[0] = Word(True, 0.01, 6.0)
    assert clock.now().trust is Trust.SYNCED


def test_a_simulated_clock_set_by_hand_counts_until_the_world_moves_it(tmp_path: Path) -> None:
    world = World(lambda: 1000.0)
    server = WorldServer(tmp_path, world)
    link = WorldLink(tmp_path)
    clock = SimulatedClock(link, lambda: 1000.0, lambda: WALL)

    def told(offset: float, *, synchronised: bool) -> None:
        world.set_clock(offset, synchronised=synchronised)
        assert soon(lambda: link.clock == ClockIs(offset, synchronised=synchronised))

    told(5.0, synchronised=False)
    assert clock.now() == Now(1000.0, WALL + 5.0, Trust.UNKNOWN)
    clock.set_by_hand()
    assert clock.now() == Now(1000.0, WALL + 5.0, Trust.SET)
    told(6.0, synchronised=False)
    assert clock.now().trust is Trust.UNKNOWN
    told(5.0, synchronised=True)
    assert clock.now().trust is Trust.SYNCED
    told(5.0, synchronised=False)
    assert clock.now().trust is Trust.UNKNOWN
    link.close()
    server.close()


def test_after_a_power_cut_nothing_is_left_of_what_was_set_by_hand() -> None:
    SystemClock(lambda _: UNSURE, lambda: None, lambda: None).set_by_hand()
    again = SystemClock(lambda _: UNSURE, lambda: None, lambda: None)
    assert again.now().trust is Trust.UNKNOWN


def test_a_battery_clock_that_once_stopped_is_not_believed(tmp_path: Path) -> None:
    """The driver refuses to read a clock whose oscillator-stop flag is set (EINVAL); a folder refuses it here."""
    (tmp_path / "name").write_text("rtc-ds3231 1-0068\n")
    (tmp_path / "since_epoch").mkdir()
    assert battery_time(tmp_path) is None


def test_the_last_synchronisation_is_read_from_what_was_saved(tmp_path: Path) -> None:
    assert last_sync(tmp_path / "clock") is None
    (tmp_path / "clock").touch()
    os.utime(tmp_path / "clock", (WALL, WALL))
    assert last_sync(tmp_path / "clock") == WALL
