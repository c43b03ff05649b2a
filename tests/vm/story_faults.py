"""What breaks around the token and inside it: processes killed and hung, network gone, clock unknown, reset."""

from __future__ import annotations

import time

import pytest

from tests.story.house import NAME, PASSWORD
from tests.vm.conftest import SERVICE, Outside
from tests.vm.story_life import approve
from tests.vm.token import Token

HOURLY = "systemctl show -p NRestarts --value desk-token-{}.service"


def ends(outside: Outside, outcome: str) -> bool:
    """Whether the waiting page comes to this outcome within a minute."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if outside.visitor.outcome() == outcome:
            return True
    return False


@pytest.mark.parametrize("process", ["authenticator", "courier", "steward"])
@pytest.mark.parametrize("signal", ["KILL", "STOP"])  # hung: its watchdog ends it
def test_no_login_is_lost_when_a_process_is_killed_or_hangs(
    token: Token, outside: Outside, process: str, signal: str
) -> None:
    outside.visitor.signs_in(NAME, PASSWORD)
    token.sees("Logt u in?")
    token.machine.does(f"systemctl kill --signal={signal} desk-token-{process}.service")
    token.machine.until(f"test $({HOURLY.format(process)}) -gt 0", 180)
    token.sees("Logt u in?", patience=120)
    token.settle()
    approve(token, outside.visitor.number())
    assert ends(outside, "approved")


def test_a_network_that_goes_and_comes_back_loses_no_login(token: Token, outside: Outside) -> None:
    token.machine.does("systemctl stop portal.socket portal.service; ip link set eth0 down")
    outside.visitor.signs_in(NAME, PASSWORD)
    token.machine.does("ip link set eth0 up; systemctl restart portal.socket")
    token.sees("Logt u in?", patience=180)


def test_a_clock_that_nobody_has_set_shows_no_digits(token: Token) -> None:
    token.machine.does("rm -f /run/systemd/timesync/synchronized")
    token.machine.does("systemctl restart desk-token-authenticator.service")
    token.wakes("Klok")
    assert not token.says(SERVICE)


def test_a_reset_takes_five_seconds_of_holding_and_leaves_no_account(token: Token) -> None:
    token.wakes(SERVICE)
    token.hold()
    token.tap_until("Instellingen")
    token.hold()
    token.tap_until("Reset")
    token.hold()
    token.settle()
    token.hold(6.5)
    token.sees("Niet gekoppeld", patience=120)
    token.machine.does("systemctl restart desk-token-authenticator.service")
    token.sees("Niet gekoppeld")
