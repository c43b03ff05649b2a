"""The package as a Debian user expects it: in twice without harm, removed with all kept, purged with nothing left."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from firmware_tools.debian.package import build
from firmware_tools.debian.target import Target
from firmware_tools.source.building import ROOT, when
from tests.vm.conftest import PACKAGES, SERVICE, Outside, copied, fetch, set_up
from tests.vm.machine import Machine
from tests.vm.token import Token

PROCESSES = ("authenticator", "courier", "steward")
NEWER = "99.0.0"
LEASES = {"68", "546"}  # NetworkManager, for as long as it asks for an address
CONFIG = "/etc/desk-token/desk-token.toml"
# as an update over the network leaves it: its own slot runs, the package's is the one before
AN_UPDATE = (
    "cd /opt/desk-token; first=$(readlink current); cp -a $first slots/50.0.0; "
    "ln -sfn slots/50.0.0 current; ln -sfn $first previous; "
    "systemctl restart desk-token.target; cd /"
)
WRONG = {
    "an unknown key": (
        r"s/^\[camera\]/[camera]\nzoom = 2/",
        r"line \d+: camera\.zoom: this key does not exist",
    ),
    "a wrong type": (
        's/^rotate = 0.*/rotate = "half"/',
        r"line \d+: hardware\.rotate: a whole number from 0 to 3 is expected here",
    ),
    "an impossible pin": (
        "s/^# ok = 17.*/ok = 40/",
        r"line \d+: hardware\.keys\.ok: a whole number from 0 to 27 is expected here",
    ),
    "a pin of the bus": (
        "s/^# ok = 17.*/ok = 2/",
        r"line \d+: hardware\.keys\.ok: GPIO 2 is used twice",
    ),
    "two roles on one pin": (
        r"s/^# ok = 17.*/ok = 17\nback = 17/",
        r"line \d+: hardware\.keys\.back: GPIO 17 is used twice, also for keys\.ok",
    ),
    "no such board": ("s/generic-ssd1306-i2c/no-such-board/", "no such profile; there are: "),
}


@pytest.fixture
def bare(started: Path, tmp_path: Path) -> Iterator[Machine]:
    """A machine without the package."""
    with copied(started, tmp_path / "disk.qcow2", "bare") as machine:
        yield machine


@pytest.fixture(scope="session")
def newer(package: Path, work: Path) -> Path:
    """The same software under a later version, packed by the same hands."""
    opened = work / "opened"
    subprocess.run(["dpkg-deb", "-x", package, opened], check=True)
    (slot,) = (opened / "opt/desk-token/slots").iterdir()
    into = PACKAGES / "newer"
    into.mkdir(exist_ok=True)
    fill = partial(shutil.copytree, slot, symlinks=True, dirs_exist_ok=True)
    return build(ROOT, into, Target("trixie", "amd64"), NEWER, when(), fill)


def test_an_installation_ends_with_every_process_running_and_a_question_on_the_glass(
    bare: Machine, package: Path, outside: Outside
) -> None:
    set_up(bare, package, outside)
    for name in PROCESSES:
        bare.until(f"systemctl is-active desk-token-{name}.service")
    Token(bare).sees("Niet gekoppeld")
    assert bare.does("systemctl --failed --no-legend --plain") == ""


def test_a_second_installation_changes_nothing_and_keeps_the_account(
    token: Token, package: Path
) -> None:
    records = token.machine.does("ls -A /var/lib/desk-token")
    token.machine.does("echo '# mine' >> /etc/desk-token/desk-token.toml")
    token.machine.does(f"dpkg -i /var/tmp/{package.name}", 400)
    assert token.machine.does("tail -1 /etc/desk-token/desk-token.toml") == "# mine"
    assert token.machine.does("ls -A /var/lib/desk-token") == records
    token.sees(SERVICE)


def test_removing_keeps_what_a_person_made_and_purging_leaves_nothing(token: Token) -> None:
    machine = token.machine
    machine.does("dpkg -r desk-token", 200)
    assert machine.does("ls /var/lib/desk-token /etc/desk-token/desk-token.toml")
    assert machine.tell("ls /usr/lib/systemd/system/desk-token.target")[0] != 0
    machine.does("dpkg -P desk-token", 200)
    for place in (
        "/var/lib/desk-token*",
        "/etc/desk-token",
        "/opt/desk-token",
        "/usr/bin/desk-token",
    ):
        assert machine.tell(f"ls -d {place}")[0] != 0, place


def test_an_upgrade_starts_the_newer_version_and_keeps_account_and_configuration(
    token: Token, newer: Path
) -> None:
    machine = token.machine
    machine.does("echo '# mine' >> /etc/desk-token/desk-token.toml")
    machine.does(AN_UPDATE)
    fetch(machine, newer)
    machine.does(f"dpkg -i /var/tmp/{newer.name}", 400)
    assert machine.does("readlink /opt/desk-token/current") == f"slots/{NEWER}"
    assert machine.does("ls -A /opt/desk-token/slots /opt/desk-token").split() == [
        *("/opt/desk-token:", "current", "slots", "/opt/desk-token/slots:", NEWER)
    ]
    assert machine.does("tail -1 /etc/desk-token/desk-token.toml") == "# mine"
    machine.until("systemctl is-active desk-token-authenticator.service")
    token.forgets()
    token.sees(SERVICE)
    assert machine.does("systemctl --failed --no-legend --plain") == ""


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_configuration_is_refused_once_with_its_line(
    fresh: Token, change: str, sentence: str
) -> None:
    machine = fresh.machine
    machine.does(f"sed -i '{change}' {CONFIG}")
    machine.tell("systemctl restart desk-token-authenticator.service", 60)
    machine.until("systemctl is-failed desk-token-authenticator.service")
    machine.does("sleep 10")  # whatever would start it again has done so by now
    said = machine.does("journalctl -b -u desk-token-authenticator --no-pager")
    (line,) = (line for line in said.splitlines() if "refused" in line)
    assert re.search(sentence, line), line
    assert "Traceback" not in said


def test_the_check_finds_a_whole_token_good_and_a_panel_at_the_other_address(token: Token) -> None:
    machine = token.machine
    code, said = machine.tell("desk-token check --language en", 200)
    assert (code, "bad" in said) == (0, False), said
    machine.does("echo 61 > /sys/module/pitap/parameters/addr")
    code, said = machine.tell("desk-token check --language en", 200)
    assert code == 1
    assert "The panel answers at 0x3d, not at 0x3c" in said


def test_the_whole_device_listens_on_the_two_ports_of_its_page_and_on_no_other(
    token: Token, outside: Outside
) -> None:
    said = token.machine.does("ss --listening --numeric --tcp --udp --no-header")
    rows = [line.split() for line in said.splitlines()]
    open_ports = {(row[0], row[4]) for row in rows if row[4].rpartition(":")[2] not in LEASES}
    proxy = ("tcp", f"127.0.0.1:{outside.port}")  # the story's own way to the portal
    assert open_ports - {proxy} == {("tcp", "*:443"), ("tcp", "10.55.0.1:80")}


def test_the_technicians_cable_is_a_serial_line_and_a_network(fresh: Token) -> None:
    machine = fresh.machine
    machine.until("test -e /dev/ttyGS0 -a -e /dev/ttyACM0")
    machine.until("test -e /dev/desk-token-console")
    machine.until("systemctl is-active desk-token-console.service")
    assert "usb0" in machine.does("ls /sys/class/net")
