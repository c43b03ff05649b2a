"""How the other processes are restarted: through the service manager, and whatever a bad version did to their units."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from appliance.core.errors import PeerTrouble
from appliance.updater.services import UNITS, SystemServices
from tests.updater.service_manager import service_manager

AUTHENTICATOR, COURIER, PORTER, STEWARD, PAGE = UNITS


@dataclass
class Written:
    """Units that are only words."""

    states: dict[str, str]
    restarted: list[str] = field(default_factory=list)

    def state(self, unit: str) -> str:
        return self.states[unit]

    def restart(self, unit: str) -> None:
        self.restarted.append(unit)
        self.states[unit] = "active"


def test_those_that_run_are_restarted_in_order_and_no_other(tmp_path: Path) -> None:
    units = Written({**dict.fromkeys(UNITS, "active"), PAGE: "inactive"})
    with service_manager(tmp_path / "bus", units) as manager:
        SystemServices(manager.address).restart()
    assert units.restarted == [AUTHENTICATOR, COURIER, PORTER, STEWARD]


def test_one_that_a_bad_version_wore_out_is_started_again(tmp_path: Path) -> None:
    """Ten starts in five minutes and systemd gives a unit up; going back must reach it all the same."""
    units = Written({**dict.fromkeys(UNITS, "active"), AUTHENTICATOR: "failed"})
    with service_manager(tmp_path / "bus", units) as manager:
        SystemServices(manager.address).restart()
    assert units.restarted[0] == AUTHENTICATOR


def test_the_starts_of_a_bad_version_do_not_count_against_the_one_before(tmp_path: Path) -> None:
    units = Written({**dict.fromkeys(UNITS, "active"), AUTHENTICATOR: "activating"})
    with service_manager(tmp_path / "bus", units) as manager:
        SystemServices(manager.address).restart()
        forgotten = [unit for method, unit in manager.asked if method == "ResetFailedUnit"]
    assert forgotten == list(UNITS)


def test_without_a_service_manager_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(PeerTrouble, match="The system does not answer"):
        SystemServices(f"unix:path={tmp_path}/nobody").restart()
