"""The updater's hands: jobs done one by one, everything reported, and a trial judged within its time."""

from __future__ import annotations

import msgspec
import pytest

from appliance.core.errors import PeerTrouble
from appliance.updater.guard import read_trial, stand
from appliance.updater.health import PATIENCE, failing, good_parts
from appliance.wire.updates import HealthReply
from tests.updater.device import VENDOR, release
from tests.updater.household import GOOD, INSTALL, WELL, House, job, sent


def test_a_file_that_came_in_is_offered_with_what_it_contains(house: House) -> None:
    house.does(*sent(GOOD))
    last = house.desk.heard[-1]
    assert (last.phase, last.offer and last.offer.version) == ("ready", "1.2.0")
    assert last.offer is not None
    assert (last.offer.packages, last.offer.size) == (2, len(GOOD))
    assert house.desk.phases == ["idle", "sending", "checking", "ready"]


def test_an_update_goes_through_its_phases_and_is_handed_to_the_new_slot(house: House) -> None:
    runner = house.does(*sent(GOOD), INSTALL)
    assert runner.handed_over
    assert house.desk.phases[-3:] == ["installing", "restarting", "trying"]
    assert read_trial(house.device.state) is not None
    stand(house.device.root, house.device.state)
    house.does()
    assert read_trial(house.device.state) is None
    assert (house.desk.heard[-1].ended_version, house.desk.heard[-1].ended) == ("1.2.0", "")
    assert (house.desk.heard[-1].version, house.desk.heard[-1].previous) == ("1.2.0", "1.1.0")


def test_a_version_that_does_not_run_is_undone_within_its_time(house: House) -> None:
    house.services.broken = {"1.2.0"}
    runner = house.does(*sent(GOOD), INSTALL)
    assert not runner.handed_over
    assert house.time[0] <= PATIENCE + 1.0
    assert house.services.count == 2
    last = house.desk.heard[-1]
    assert (last.version, last.ended_version, bool(last.ended)) == ("1.1.0", "1.2.0", True)


@pytest.mark.parametrize("part", ["panel", "keys", "storage", "portal", "network", "camera"])
def test_a_part_that_is_lost_by_the_update_brings_the_old_one_back(house: House, part: str) -> None:
    usual, house.desk.parts[part] = house.services.restart, "good"

    def restart() -> None:
        usual()
        house.desk.parts[part] = "good" if house.desk.version == "1.1.0" else "bad"

    house.services.restart = restart  # type: ignore[method-assign]
    house.does(*sent(GOOD), INSTALL)
    assert house.device.current == "1.1.0"


def test_a_portal_that_was_gone_before_is_not_the_updates_fault() -> None:
    before = good_parts(HealthReply("1.1.0", {**WELL, "portal": "bad"}))
    now = HealthReply("1.2.0", {**WELL, "portal": "bad"})
    assert failing(now, before, "1.2.0") == ""
    assert failing(now, (*before, "portal"), "1.2.0") == "portal"
    assert failing(HealthReply("1.1.0", WELL), before, "1.2.0") == "loop"


@pytest.mark.parametrize("camera", ["bad", "unknown"])
def test_a_camera_that_was_bad_before_is_no_reason_to_go_back(house: House, camera: str) -> None:
    house.desk.parts["camera"] = camera
    assert house.does(*sent(GOOD), INSTALL).handed_over
    assert house.device.current == "1.2.0"


def test_the_look_before_is_made_while_the_old_version_is_current(house: House) -> None:
    """A scanner is started from the slot that is current, so a later look would be the new version's."""
    house.desk.parts["camera"] = "good"
    house.desk.root = house.device.root
    house.does(*sent(GOOD), INSTALL)
    assert house.desk.looked_by == ["1.1.0"]
    assert house.device.current == "1.2.0"


def test_a_camera_that_nobody_looked_through_is_looked_through(house: House) -> None:
    """After a restart nothing is known of it; it is asked until it sees."""
    usual, house.desk.parts["camera"] = house.services.restart, "good"

    def restart() -> None:
        usual()
        house.desk.parts["camera"] = "unknown"
        house.desk.opens = True

    house.services.restart = restart  # type: ignore[method-assign]
    assert house.does(*sent(GOOD), INSTALL).handed_over


def test_a_device_that_was_restarted_hears_that_there_was_a_trial_and_how_it_ended(
    house: House,
) -> None:
    house.services.broken, house.desk.deaf_after = {"1.2.0"}, 2
    runner = house.runner()
    runner.begin()
    house.desk.jobs.extend((*sent(GOOD), INSTALL))
    while len(house.desk.jobs) > 1:
        runner.turn()
    with pytest.raises(PeerTrouble):
        runner.turn()
    house.desk.deaf = False
    house.desk.heard.clear()
    runner.begin()
    assert house.desk.phases == ["trying", "idle"]
    assert (house.desk.heard[-1].ended_version, bool(house.desk.heard[-1].ended)) == ("1.2.0", True)
    runner.begin()
    assert house.desk.phases == ["trying", "idle"]


def test_a_trial_that_a_power_cut_left_is_judged_at_the_next_start(house: House) -> None:
    house.does(*sent(GOOD), INSTALL)
    stand(house.device.root, house.device.state)
    house.services.restart()
    house.does()
    assert house.device.engine.book().highest == "1.2.0"


def test_what_is_refused_is_said_forgotten_and_leaves_the_token_as_it_was(house: House) -> None:
    house.does(*sent(VENDOR.bundle(release=release(hardware=("riscv64",)))))
    last = house.desk.heard[-1]
    assert (last.phase, last.offer, last.trouble) == (
        "idle",
        None,
        "This update is for other hardware",
    )
    assert house.desk.done[-1].trouble == "This update is for other hardware"
    assert not house.device.engine.spool.whole


def test_a_piece_that_does_not_follow_is_refused_and_the_rest_may_still_come(house: House) -> None:
    begin, first, *rest = sent(GOOD)
    house.does(begin, first, first, *rest)
    assert [bool(done.trouble) for done in house.desk.done[:3]] == [False, False, True]
    assert house.desk.heard[-1].phase == "ready"


def test_pieces_of_two_files_are_never_mixed(house: House) -> None:
    other = msgspec.structs.replace(sent(GOOD)[2], number="other")
    house.does(*sent(GOOD)[:2], other)
    assert house.desk.done[-1].trouble == "Another update is being sent"


def test_a_file_on_a_stick_is_copied_and_offered(house: House) -> None:
    folder = house.device.folder / "stick" / "DESK"
    folder.mkdir(parents=True)
    (folder / "one.desk-token").write_bytes(GOOD)
    house.does(job("stick"))
    assert house.desk.heard[-1].phase == "ready"


def test_an_empty_stick_is_a_sentence(house: House) -> None:
    house.does(job("stick"))
    assert house.desk.heard[-1].trouble == "No update was found on a USB stick"


def test_going_back_ends_at_the_version_before(house: House) -> None:
    house.does(*sent(GOOD), INSTALL)
    stand(house.device.root, house.device.state)
    house.does()
    house.does(job("back"))
    stand(house.device.root, house.device.state)
    house.does()
    assert (house.device.current, house.desk.heard[-1].previous) == ("1.1.0", "1.2.0")


def test_a_file_can_be_forgotten(house: House) -> None:
    house.does(*sent(GOOD), job("drop"))
    assert house.desk.heard[-1].offer is None
    assert list(house.device.state.glob("*.bundle")) == []


def test_a_virtual_token_keeps_the_update_at_once(house: House) -> None:
    house.services.same_code = True
    house.does(*sent(GOOD), INSTALL)
    assert read_trial(house.device.state) is None
    assert house.desk.heard[-1].ended_version == "1.2.0"
