"""What the system lets the updater and the steward do, in the words of the real polkit and of the bus's own policy.

The service manager asks polkit exactly what systemd asks; whoever calls is really that user.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from jeepney.io.blocking import open_dbus_connection

from appliance.updater.services import UNITS
from tests.updater.real_polkit import USERS, Polkit, polkit, why_not
from tests.updater.service_manager import ServiceManager
from tests.updater.test_services import Written

pytestmark = [
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
    pytest.mark.xdist_group("polkit"),
]
AUTHENTICATOR = UNITS[0]
# everything is imported before the user changes: its folder may be closed to others
RESTART = """
import os, sys
from appliance.core.errors import PeerTrouble
from appliance.updater.services import SystemServices
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
try:
    SystemServices(sys.argv[1]).restart()
except PeerTrouble as trouble:
    sys.exit(str(trouble))
"""
PRESENT = """
import os, sys
from jeepney.io.blocking import open_dbus_connection
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
print(open_dbus_connection(sys.argv[1]).unique_name, flush=True)
sys.stdin.read()
"""


class House:
    """A bus with polkit, a service manager that asks it, and whoever calls."""

    def __init__(self, address: str, open_now: ExitStack) -> None:
        self.address, self._open = address, open_now
        line = open_dbus_connection(address)
        open_now.callback(line.close)
        self.polkit = Polkit(line)
        self._names: dict[str, str] = {}

    def manages(self, units: Written) -> ServiceManager:
        manager = ServiceManager(self.address, units, self.polkit)
        self._open.callback(manager.stop)
        return manager

    def restarts_as(self, user: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", RESTART, self.address, str(USERS[user])]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)

    def name_of(self, user: str) -> str:
        """The name on the bus of a process of this user that stays."""
        if user not in self._names:
            words = [sys.executable, "-c", PRESENT, self.address, str(USERS[user])]
            there = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._open.enter_context(there)
            self._open.callback(there.kill)
            assert there.stdout
            self._names[user] = there.stdout.readline().strip()
        return self._names[user]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with polkit(tmp_path_factory.mktemp("polkit")) as address, ExitStack() as open_now:
        yield House(address, open_now)


def test_the_updater_restarts_its_units_and_starts_one_that_was_given_up(house: House) -> None:
    units = Written({**dict.fromkeys(UNITS, "active"), AUTHENTICATOR: "failed"})
    manager = house.manages(units)
    done = house.restarts_as("desk-token-updater")
    assert done.returncode == 0, done.stderr
    assert units.restarted == list(UNITS)
    assert ("StartUnit", AUTHENTICATOR) in manager.asked
    assert [unit for method, unit in manager.asked if method == "ResetFailedUnit"] == list(UNITS)
    manager.stop()


@pytest.mark.parametrize("user", ["desk-token-page", "desk-token-steward", "eve"])
def test_nobody_else_may(house: House, user: str) -> None:
    units = Written(dict.fromkeys(UNITS, "active"))
    manager = house.manages(units)
    assert "The system refused it" in house.restarts_as(user).stderr
    assert (units.restarted, manager.asked) == ([], [])
    manager.stop()


@pytest.mark.parametrize("verb", ["start", "try-restart", "reset-failed"])
def test_the_updater_has_these_verbs_for_its_own_units_alone(house: House, verb: str) -> None:
    updater = house.name_of("desk-token-updater")
    assert all(house.polkit.lets(updater, verb, unit) for unit in UNITS)
    strange = (
        "ssh.service",
        "desk-token-updater.service",
        "desk-token-console.service",
        "",
        "desk-token-",
    )
    assert not any(house.polkit.lets(updater, verb, unit) for unit in strange)


@pytest.mark.parametrize(
    "verb", ["stop", "restart", "kill", "reload", "set-property", "freeze", ""]
)
def test_and_no_other_verb_at_all(house: House, verb: str) -> None:
    updater = house.name_of("desk-token-updater")
    assert not any(house.polkit.lets(updater, verb, unit) for unit in UNITS)


@pytest.mark.parametrize(
    "action",
    ["systemd1.manage-unit-files", "systemd1.reload-daemon", "login1.reboot", "timedate1.set-time"],
)
def test_the_updater_may_do_nothing_else_to_the_system(house: House, action: str) -> None:
    updater = house.name_of("desk-token-updater")
    assert not house.polkit.answers(updater, f"org.freedesktop.{action}")


@pytest.mark.parametrize(
    ("action", "may"),
    [
        ("login1.reboot", True),
        ("login1.power-off", True),
        ("timedate1.set-time", True),
        ("timedate1.set-ntp", True),
        ("timedate1.set-timezone", True),  # systemd's own policy: it comes with the time
        ("timedate1.set-local-rtc", False),
        ("login1.halt", False),
        ("systemd1.manage-units", False),
        ("hostname1.set-hostname", False),
    ],
)
def test_the_steward_has_network_clock_and_power_and_no_more(
    house: House, action: str, may: bool
) -> None:
    steward, page = house.name_of("desk-token-steward"), house.name_of("desk-token-page")
    assert house.polkit.answers(steward, f"org.freedesktop.{action}") is may
    assert not house.polkit.answers(page, f"org.freedesktop.{action}")
