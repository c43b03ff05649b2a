"""Updates at the authenticator: one file at a time, one job at a time, and nothing is installed without a hold."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.authenticator.updates import Updates
from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import Refused
from appliance.core.flow import Device, Facts
from appliance.core.settings import Settings
from appliance.core.updates import Phase, UpdateAsked, UpdateEnded, UpdateMoved
from appliance.wire.updates import (
    FetchFailed,
    Job,
    JobDone,
    Offer,
    Piece,
    SendUpdate,
    UpdateState,
)

OFFER = Offer("1.2.0", "1.0.0", 1_790_000_000, 1000, 2)
IDLE = UpdateState(version="1.1.0", previous="1.0.0")
READY = replace(IDLE, phase="ready", offer=OFFER)
ONE, OTHER = "1" * 32, "2" * 32


def facts(monotonic: float = 100.0, trust: Trust = Trust.SYNCED) -> Facts:
    device = Device("Desk Token", "DT-1", "1.1.0", "plain file")
    return Facts(Now(monotonic, 1_790_000_100.0, trust), (), (), Settings(), device)


@pytest.fixture
def updates() -> Updates:
    made = Updates(source="https://updates.example/latest.desk-token")
    made.facts = facts()
    made.report(IDLE)
    return made


class Updater(threading.Thread):
    """A second updater: it takes every job and says how it went."""

    def __init__(self, updates: Updates, trouble: str = "") -> None:
        super().__init__(daemon=True)
        self.updates, self.trouble, self.jobs = updates, trouble, list[Job]()
        self.start()

    def run(self) -> None:
        while (job := self.updates.next_job(2.0)) is not None:
            self.jobs.append(job)
            self.updates.job_done(JobDone(job.id, self.trouble))


def test_a_file_is_passed_on_piece_by_piece(updates: Updates) -> None:
    updater = Updater(updates)
    updates.send("page", SendUpdate(ONE, 6))
    updates.piece(Piece(ONE, 0, b"abc"))
    updates.piece(Piece(ONE, 3, b"def"))
    updater.join()
    assert [(job.what, job.at, job.data) for job in updater.jobs] == [
        ("begin", 0, b""),
        ("piece", 0, b"abc"),
        ("piece", 3, b"def"),
    ]
    assert updater.jobs[1].certain


def test_what_the_updater_refuses_goes_back_to_whoever_sent_it(updates: Updates) -> None:
    Updater(updates, "The update is too big")
    with pytest.raises(Refused, match="The update is too big"):
        updates.send("page", SendUpdate(ONE, 6))


def test_two_technicians_at_once_the_second_is_refused(updates: Updates) -> None:
    Updater(updates)
    updates.send("page", SendUpdate(ONE, 6))
    updates.report(replace(IDLE, phase="sending"))
    with pytest.raises(Refused, match="Another update is being sent"):
        updates.send("page", SendUpdate(OTHER, 6))
    with pytest.raises(Refused, match="Another update is being sent"):
        updates.piece(Piece(OTHER, 0, b"x"))


def test_a_file_that_was_left_half_sent_gives_way_after_a_minute(updates: Updates) -> None:
    Updater(updates)
    updates.send("page", SendUpdate(ONE, 6))
    updates.report(replace(IDLE, phase="sending"))
    updates.facts = facts(161.0)
    updates.send("page", SendUpdate(OTHER, 6))


@pytest.mark.parametrize("phase", ["checking", "installing", "restarting", "trying"])
def test_while_an_update_is_worked_on_everything_else_is_refused(
    updates: Updates, phase: str
) -> None:
    updates.report(replace(READY, phase=phase))
    for act in (
        lambda: updates.send("page", SendUpdate(OTHER, 6)),
        lambda: updates.find("stick"),
        updates.drop,
        lambda: updates.ask("1.2.0"),
        lambda: updates.ask(""),
    ):
        with pytest.raises(Refused, match="Another update is under way"):
            act()


def test_asking_orders_nothing_a_hold_does(updates: Updates) -> None:
    updates.report(READY)
    assert updates.ask("1.2.0") == UpdateAsked("1.2.0")
    assert updates.next_job(0.0) is None
    assert updates.granted() == ()
    job = updates.next_job(0.0)
    assert job is not None
    assert (job.what, job.version, job.wall, job.certain) == (
        "install",
        "1.2.0",
        1_790_000_100.0,
        True,
    )


def test_a_hold_without_a_question_orders_nothing(updates: Updates) -> None:
    updates.report(READY)
    updates.ask("1.2.0")
    updates.refused()
    assert updates.granted() == (UpdateEnded("", failed=True),)
    assert updates.next_job(0.0) is None


def test_only_the_version_that_was_checked_may_be_asked_for(updates: Updates) -> None:
    updates.report(READY)
    with pytest.raises(Refused, match="no update to install"):
        updates.ask("9.9.9")
    updates.report(IDLE)
    with pytest.raises(Refused, match="no update to install"):
        updates.ask("1.2.0")


def test_a_clock_that_shows_no_codes_is_not_certain_for_updates_either(updates: Updates) -> None:
    updates.facts = facts(trust=Trust.UNKNOWN)
    updates.find("stick")
    job = updates.next_job(0.0)
    assert job is not None
    assert not job.certain


def test_the_panel_hears_how_it_goes_and_how_it_ended(updates: Updates) -> None:
    updates.report(READY)
    assert updates.report(replace(READY, phase="installing", percent=40)) == (
        UpdateMoved(Phase.INSTALLING, 40),
    )
    assert updates.report(replace(IDLE, ended_version="1.2.0")) == (UpdateEnded("1.2.0"),)
    updates.report(replace(READY, phase="trying"))
    ended = updates.report(replace(IDLE, ended_version="1.2.0", ended="It broke"))
    assert ended == (UpdateEnded("1.2.0", failed=True),)


def test_only_a_file_that_was_ordered_may_come_from_the_courier(updates: Updates) -> None:
    with pytest.raises(Refused):
        updates.send("courier", SendUpdate(ONE, 6))
    updates.find("network")
    file = updates.next_fetch(0.0)
    assert file is not None
    Updater(updates)
    updates.report(IDLE)
    updates.send("courier", SendUpdate(file.number, 6))


def test_a_file_that_could_not_be_fetched_is_said(updates: Updates) -> None:
    updates.find("network")
    file = updates.next_fetch(0.0)
    assert file is not None
    updates.fetch_failed(FetchFailed("another", "timeout"), "not this one")
    assert updates.state().phase == "sending"
    updates.fetch_failed(FetchFailed(file.number, "timeout"), "it took too long")
    assert (updates.state().phase, updates.state().trouble) == ("idle", "it took too long")


def test_without_an_address_nothing_is_fetched() -> None:
    with pytest.raises(Refused, match="No address is set"):
        Updates().find("network")


def test_a_token_without_an_updater_says_so() -> None:
    assert not Updates().state().updater
    with pytest.raises(Refused, match="Nobody on this token looks after updates"):
        Updates().find("stick")


def test_health_names_every_part_and_the_keys() -> None:
    updates = Updates(keys=lambda: False)
    with pytest.raises(Refused):
        updates.health()
    updates.facts = facts()
    assert updates.health().parts["keys"] == "bad"
    assert updates.health().version == "1.1.0"


def test_health_names_the_camera_only_where_there_is_one() -> None:
    for has_camera in (True, False):
        updates = Updates(has_camera=has_camera)
        updates.facts = facts()
        assert updates.health().parts.get("camera") == ("unknown" if has_camera else None)


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(tmp_path / "updater.sock"))
        listening.listen()
        yield listening


def test_a_question_about_updates_wakes_the_updater(bell: socket.socket, tmp_path: Path) -> None:
    updates = Updates(tmp_path / "updater.sock")
    threading.Thread(target=updates.report, args=(IDLE,), daemon=True).start()
    assert updates.state().version == "1.1.0"
    bell.accept()[0].close()


def test_nothing_of_a_piece_is_ever_printed() -> None:
    assert "secret" not in repr(Piece(ONE, 0, b"secret")) + repr(Job("1", "piece", data=b"secret"))
