"""An updater ends when there is nothing to do, and never before a person could hear how a trial ended."""

from __future__ import annotations

from appliance.updater.health import PATIENCE
from appliance.updater.shift import ANEW, IDLE, WAITING, serve
from appliance.wire.updates import Job
from tests.updater.household import GOOD, INSTALL, House, sent


def lives(house: House, *jobs: Job) -> int:
    """One updater with these jobs, on the house's clock; its exit code."""
    runner = house.runner()
    house.desk.jobs.extend(jobs)
    house.desk.waits = house.passes
    clock = lambda: house.time[0]  # noqa: E731
    return serve(runner, house.device.engine, lambda: False, clock, house.passes)


def test_an_updater_that_nobody_needs_ends_by_itself(house: House) -> None:
    assert lives(house) == 0
    assert IDLE <= house.time[0] < WAITING


def test_a_file_that_waits_for_a_hold_is_waited_with(house: House) -> None:
    assert lives(house, *sent(GOOD)) == 0
    assert house.time[0] >= WAITING


def test_a_good_version_is_handed_to_its_own_updater(house: House) -> None:
    assert lives(house, *sent(GOOD), INSTALL) == ANEW


def test_a_device_that_comes_back_late_from_a_failed_trial_still_hears_of_it(house: House) -> None:
    house.services.broken, house.desk.deaf_after = {"1.2.0"}, 2
    house.desk.deaf_until = PATIENCE + 2 * IDLE
    assert lives(house, *sent(GOOD), INSTALL) == 0
    last = house.desk.heard[-1]
    assert (last.phase, last.ended_version, bool(last.ended)) == ("idle", "1.2.0", True)
    assert house.desk.phases[-2:] == ["trying", "idle"]
