"""The package as a Debian user expects it: in twice without harm, removed with all kept, purged with nothing left."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.conftest import SERVICE, Outside, copied, set_up
from tests.vm.machine import Machine
from tests.vm.token import Token

PROCESSES = ("authenticator", "courier", "steward")


@pytest.fixture
def bare(started: Path, tmp_path: Path) -> Iterator[Machine]:
    """A machine without the package."""
    with copied(started, tmp_path / "disk.qcow2", "bare") as machine:
        yield machine


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


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("s/^\\[camera\\]/[camera]\\nzoom = 2/", "line .*: camera.zoom: this key does not exist"),
        ("s/^# ok = 17.*/ok = 2/", "keys.ok: GPIO 2 is used twice"),
        ("s/generic-ssd1306-i2c/no-such-board/", "no such profile; there are: "),
    ],
)
def test_a_wrong_configuration_is_refused_once_with_its_line(
    fresh: Token, change: str, sentence: str
) -> None:
    machine = fresh.machine
    machine.does(f"sed -i '{change}' /etc/desk-token/desk-token.toml")
    machine.tell("systemctl restart desk-token-authenticator.service", 60)
    machine.until("systemctl is-failed desk-token-authenticator.service")
    said = machine.does("journalctl -b -u desk-token-authenticator --no-pager")
    (line,) = {
        line.split("authenticator: ", 1)[1] for line in said.splitlines() if "refused" in line
    }
    assert (
        subprocess.run(["grep", "-q", sentence], input=line, text=True, check=False).returncode == 0
    )
    assert "Traceback" not in said


def test_the_technicians_cable_is_a_serial_line_and_a_network(fresh: Token) -> None:
    machine = fresh.machine
    machine.until("test -e /dev/ttyGS0 -a -e /dev/ttyACM0")
    machine.until("test -e /dev/desk-token-console")
    machine.until("systemctl is-active desk-token-console.service")
    assert "usb0" in machine.does("ls /sys/class/net")
