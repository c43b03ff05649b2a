"""The camera's part in the health of a device: a look that is asked for, answered by a scanner, and read by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.authenticator import calls_of_updates
from appliance.authenticator.scanning import Aim, ScanNews
from appliance.authenticator.work import Work, heard
from appliance.core.events import Health, PartChanged
from appliance.wire.scan import Answer, Failed, Found, Seen
from appliance.wire.updates import Health as AskHealth
from appliance.wire.updates import HealthReply
from tests.authenticator.fakes import Signals
from tests.authenticator.test_effects_runner import SURE, desk, work_in

GLANCE = Seen("none", 8, 1, b"\0")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    made = work_in(tmp_path, Signals())
    made.updates.facts = desk().facts
    yield made
    made.scanning.stop()
    made.vault.close()


def asked(work: Work, *, look: bool = False) -> str:
    reply, events = calls_of_updates.answer(work, AskHealth(look))
    assert isinstance(reply, HealthReply)
    assert events == ()
    return reply.parts.get("camera", "")


def hears(work: Work, answer: Answer) -> tuple[object, ...]:
    """The scanner of the look that goes on says this."""
    return heard(work, ScanNews(work.scanning._number, answer), SURE)


@pytest.mark.parametrize("answer", [GLANCE, Found("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ")])
def test_a_camera_that_sees_is_good_and_what_it_sees_is_nobodys_business(
    work: Work, answer: Answer
) -> None:
    assert asked(work, look=True) == "unknown"
    assert hears(work, answer) == (PartChanged("camera", Health.GOOD),)
    assert asked(work) == "good"
    assert not work.scanning.busy


def test_a_camera_that_does_not_see_is_bad_until_another_look(work: Work) -> None:
    asked(work, look=True)
    assert hears(work, Failed("no-camera")) == ()
    assert asked(work) == "bad"
    assert asked(work, look=True) == "unknown"


def test_a_scan_of_somebody_is_not_disturbed(work: Work) -> None:
    work.scanning.look(5, Aim.LINK)
    assert asked(work, look=True) == "unknown"
    assert work.scanning.aim is Aim.LINK


def test_without_a_camera_nothing_is_looked_at(work: Work) -> None:
    work.updates.has_camera = False
    assert asked(work, look=True) == ""
    assert not work.scanning.busy


def test_a_code_before_the_camera_of_a_self_test_links_nothing(work: Work) -> None:
    work.scanning.look(5, Aim.TEST)
    events = hears(work, Found("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ"))
    assert PartChanged("camera", Health.GOOD) in events
    assert work.enrolling.idle
