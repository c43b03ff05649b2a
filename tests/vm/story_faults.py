"""What breaks around the token and inside it: processes killed and hung, network gone, clock unknown, reset."""

from __future__ import annotations

import time

import pytest

from tests.story.house import NAME, PASSWORD
from tests.vm.conftest import SERVICE, Outside
from tests.vm.machine import Machine
from tests.vm.story_life import approve
from tests.vm.token import Token

AWAY = 60  # seconds by the guest's clock: the courier's rests between two tries are long by then
SOON = 25  # of which an address from the network takes most, on a machine that is emulated
NOTED = "journalctl -b -u 'desk-token-*' -u NetworkManager -n 60 --no-pager -o short-monotonic"
RESTARTS = "systemctl show -p NRestarts --value desk-token-{}.service"
# whatever it says: the page is closed until somebody holds the button, and then it says that
PAGE = (
    "python3 -c 'import ssl, http.client as ask; way = ssl._create_unverified_context(); "
    'line = ask.HTTPSConnection("127.0.0.1", timeout=20, context=way); '
    'line.request("GET", "/"); line.getresponse()\''
)


def ends(outside: Outside, outcome: str) -> bool:
    """Whether the waiting page comes to this outcome within two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if outside.visitor.outcome() == outcome:
            return True
    return False


def is_approved(token: Token, outside: Outside) -> None:
    """Somebody holds the button on Ja, and the waiting page hears of it."""
    token.settle()
    approve(token, outside.visitor.number())
    assert ends(outside, "approved")


def comes_and_is_approved(token: Token, outside: Outside) -> None:
    """The network is back: the login that was asked for meanwhile is on the glass soon."""
    came = token.sees("Logt u in?", patience=180)
    assert came < SOON, f"{came:.0f} s\n{token.machine.does(NOTED)}"
    is_approved(token, outside)


def harm(machine: Machine, signal: str, *processes: str) -> None:
    """Kill them, or make them hang: a stopped process answers nobody, and only its watchdog can tell."""
    units = " ".join(f"desk-token-{process}.service" for process in processes)
    machine.does(f"systemctl kill --kill-whom=main --signal={signal} {units}")


def is_back(machine: Machine, process: str) -> None:
    """Wait until systemd has started it again; a watchdog takes a minute and a half at most."""
    machine.until(f"test $({RESTARTS.format(process)}) -gt 0", 240)
    machine.until(f"systemctl is-active desk-token-{process}.service")


@pytest.mark.parametrize("process", ["authenticator", "courier", "steward"])
@pytest.mark.parametrize("signal", ["KILL", "STOP"])
def test_no_login_is_lost_when_a_process_is_killed_or_hangs(
    token: Token, outside: Outside, process: str, signal: str
) -> None:
    outside.visitor.signs_in(NAME, PASSWORD)
    token.sees("Logt u in?")
    if process == "authenticator":
        token.forgets()
    harm(token.machine, signal, process)
    is_back(token.machine, process)
    token.sees("Logt u in?", patience=120)
    is_approved(token, outside)


@pytest.mark.parametrize("signal", ["KILL", "STOP"])
def test_the_technicians_processes_come_back_by_themselves_and_no_login_waits_for_them(
    token: Token, outside: Outside, signal: str
) -> None:
    machine, technicians = token.machine, ("porter", "page", "console")
    machine.until(PAGE)
    machine.until("systemctl is-active desk-token-console.service")
    harm(machine, signal, *technicians)
    outside.visitor.signs_in(NAME, PASSWORD)
    token.sees("Logt u in?")
    is_approved(token, outside)
    for process in technicians:
        is_back(machine, process)
    machine.until(PAGE)


def test_a_network_that_goes_and_comes_back_loses_no_login(token: Token, outside: Outside) -> None:
    machine = token.machine
    token.wakes(SERVICE)
    machine.does("systemctl stop portal.socket portal.service")
    machine.manage("set_link", name="lan", up=False)
    token.sees("Geen netwerk")
    machine.does(f"sleep {AWAY}")
    outside.visitor.signs_in(NAME, PASSWORD)
    machine.does("systemctl start portal.socket")
    machine.manage("set_link", name="lan", up=True)
    comes_and_is_approved(token, outside)


def test_a_line_that_hangs_on_a_network_that_was_away_is_let_go_when_it_is_back(
    token: Token, outside: Outside
) -> None:
    machine = token.machine
    token.wakes(SERVICE)
    machine.manage("set_link", name="lan", up=False)
    machine.until(f"{NOTED} | grep -q 'network is gone'")
    outside.visitor.signs_in(NAME, PASSWORD)
    machine.manage("set_link", name="lan", up=True)
    comes_and_is_approved(token, outside)


def test_a_clock_that_nobody_has_set_shows_no_digits_and_says_what_it_waits_for(
    token: Token,
) -> None:
    token.forgets()
    token.machine.does("rm -f /run/systemd/timesync/synchronized")
    token.machine.does("systemctl restart desk-token-authenticator.service")
    token.wakes("Klok niet ingesteld")
    assert token.says("Wacht op het netwerk")
    token.machine.does("touch /run/systemd/timesync/synchronized")
    token.sees(SERVICE)


def test_a_reset_takes_five_seconds_of_holding_and_leaves_no_account(token: Token) -> None:
    token.wakes(SERVICE)
    token.hold()
    token.chooses("Reset")
    token.settle()
    token.hold()
    token.sees("Alles wissen?")
    token.settle()
    token.hold(6.5)
    token.sees("Niet gekoppeld", patience=120)
    token.forgets()
    token.machine.does("systemctl restart desk-token-authenticator.service")
    token.sees("Niet gekoppeld")
