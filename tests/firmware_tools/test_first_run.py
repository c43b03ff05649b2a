"""Bookworm's first start: the script runs once in a system as Bookworm's, by systemd's own rule, and leaves no trace.

Raspberry Pi's own tools (raspi-config, imager_custom, userconf, systemctl) stand here as ones that write down how they
were called; everything else is this machine's own, in a namespace with folders of its own.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.core.errors import Refused
from firmware_tools.bench.wanted import Wanted
from firmware_tools.card import first_run
from firmware_tools.card.boot_files import files

STOCK = "console=serial0,115200 console=tty1 root=PARTUUID=9fa5d14b-02 rootfstype=ext4 rootwait"
KEY = "ssh-ed25519 AAAAC3Nz technician's key; rm -rf /"
WANTED = Wanted(
    "token-37wy", "DT-F35R37WY", "Sta'tion $(id) wifi", "PLANTED-geheim", "NL", hidden=True
)
MADE = files(
    WANTED, (KEY,), "bookworm", f"{STOCK} quiet init=/usr/lib/raspberrypi-sys-mods/firstboot\n"
)
GENERATOR = Path("/usr/lib/systemd/system-generators/systemd-run-generator")
RECORDER = """#!/bin/sh
printf '%s\\t' "$(basename "$0")" "$@" >>/boot/calls
printf '\\n' >>/boot/calls
"""
INSIDE = """
set -e
for place in /boot /etc /var /usr; do
  mkdir -p "$FOLDER/upper$place" "$FOLDER/work$place"
  mount -t overlay overlay -o "lowerdir=$place,upperdir=$FOLDER/upper$place,workdir=$FOLDER/work$place" "$place"
done
mkdir -p /boot/firmware /usr/lib/raspberrypi-sys-mods /usr/lib/userconf-pi
mount --bind "$FOLDER/firmware" /boot/firmware
for tool in /usr/lib/raspberrypi-sys-mods/imager_custom /usr/lib/userconf-pi/userconf \\
  /usr/local/bin/raspi-config /usr/local/bin/systemctl; do
  install -m 0755 "$FOLDER/recorder" "$tool"
done
exec env PATH=/usr/local/bin:/usr/bin:/bin sh "$RUN"
"""


def why_not() -> str:
    """Why no system of one's own can be had here, or nothing."""
    words = (
        "d=$(mktemp -d) && mount -t tmpfs none $d && mkdir $d/u $d/w && mount -t overlay overlay"
    )
    words += " -o lowerdir=/var,upperdir=$d/u,workdir=$d/w /var"
    tried = subprocess.run(
        ["unshare", "--mount", "sh", "-c", words], capture_output=True, check=False
    )
    return (
        "" if tried.returncode == 0 else "this machine allows no namespace with folders of its own"
    )


@dataclass
class Pi:
    """A system as Bookworm's, with this boot partition."""

    folder: Path

    def starts(self, words: str | None = None) -> None:
        """Run the script, or only so much of it."""
        run = self.firmware / "firstrun.sh"
        if words is not None:
            run = self.folder / "part.sh"
            run.write_text(words)
        env = {"FOLDER": str(self.folder), "RUN": str(run), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        done = subprocess.run(["unshare", "--mount", "bash", "-c", INSIDE], env=env, check=False)
        assert done.returncode == 0

    @property
    def firmware(self) -> Path:
        return self.folder / "firmware"

    @property
    def calls(self) -> list[list[str]]:
        lines = (self.folder / "upper/boot/calls").read_text().splitlines()
        return [line.split("\t")[:-1] for line in lines]

    @property
    def serial(self) -> str:
        return (self.folder / "upper/var/lib/desk-token/serial").read_text()


@pytest.fixture
def pi(tmp_path: Path) -> Pi:
    # the upper folders of an overlay cannot lie on another overlay
    made = Pi(tmp_path)
    made.firmware.mkdir()
    (tmp_path / "recorder").write_text(RECORDER)
    for name, words in MADE.items():
        (made.firmware / name).write_text(words)
    return made


needs_a_namespace = pytest.mark.skipif(bool(why_not()), reason=why_not())


@needs_a_namespace
def test_the_system_gets_all_that_was_asked_and_the_script_takes_itself_away(pi: Pi) -> None:
    pi.starts()
    key = MADE["firstrun.sh"].split("wifi' ")[1].split()[0]
    assert pi.calls == [
        ["imager_custom", "set_hostname", "token-37wy"],
        ["imager_custom", "enable_ssh", "-k", KEY],
        ["imager_custom", "set_wlan_country", "NL"],
        ["imager_custom", "set_wlan", "-h", "Sta'tion $(id) wifi", key],
        ["raspi-config", "nonint", "do_i2c", "0"],
        ["raspi-config", "nonint", "do_spi", "0"],
        ["raspi-config", "nonint", "do_serial_hw", "0"],
        ["raspi-config", "nonint", "do_serial_cons", "1"],
        ["systemctl", "-q", "is-enabled", "userconfig"],
        ["userconf", pi.calls[-1][1], "!"],
    ]
    assert pi.serial == "DT-F35R37WY"
    assert not (pi.firmware / "firstrun.sh").exists()
    left = (pi.firmware / "cmdline.txt").read_text()
    assert left.startswith(STOCK)
    assert "systemd." not in left


@needs_a_namespace
@pytest.mark.parametrize("lines", range(1, len(MADE["firstrun.sh"].splitlines()), 3))
def test_a_start_that_was_cut_off_anywhere_is_made_good_by_the_next(pi: Pi, lines: int) -> None:
    whole = MADE["firstrun.sh"].splitlines(keepends=True)
    part = "".join(whole[:lines])
    pi.starts(part + ("  :\nfi\n" if part.count("\nif ") > part.count("\nfi\n") else ""))
    starts_again = first_run.OURS[0] in (pi.firmware / "cmdline.txt").read_text()
    there = (pi.firmware / "firstrun.sh").exists()
    assert there or not starts_again, "the system would start a script that is gone"
    if starts_again:
        pi.starts()
    assert "systemd." not in (pi.firmware / "cmdline.txt").read_text()
    assert pi.serial == "DT-F35R37WY"


@pytest.mark.skipif(not GENERATOR.exists(), reason="systemd's generator is not installed")
def test_systemd_itself_makes_a_unit_of_it_that_starts_anew_when_it_is_done(tmp_path: Path) -> None:
    env = {**os.environ, "SYSTEMD_PROC_CMDLINE": MADE["cmdline.txt"].strip()}
    subprocess.run([str(GENERATOR), *[str(tmp_path)] * 3], env=env, check=True, timeout=30)
    unit = (tmp_path / "kernel-command-line.service").read_text()
    assert "ExecStart=/boot/firmware/firstrun.sh\n" in unit
    assert "SuccessAction=reboot\n" in unit
    assert (tmp_path / "default.target").readlink().name == "kernel-command-line.target"


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("a", "DT-AAAA", "Station wifi", country="BE")])
def test_shellcheck_has_nothing_to_say(wanted: Wanted) -> None:
    script = files(wanted, (), "bookworm", STOCK)["firstrun.sh"]
    done = subprocess.run(
        ["shellcheck", "-"], input=script, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_without_a_key_nobody_logs_in_over_ssh_and_the_script_holds_no_password() -> None:
    script = files(WANTED, (), "bookworm", STOCK)["firstrun.sh"]
    assert '"$custom" enable_ssh -k -d\n' in script
    assert "PLANTED" not in script


@pytest.mark.parametrize("line", ["", "console=tty1", "#!/bin/sh"])
def test_a_command_line_that_starts_no_system_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="no boot partition of Bookworm"):
        first_run.command_line(line)


def test_our_words_stand_there_once_however_often_a_card_is_prepared() -> None:
    once = first_run.command_line(f"{STOCK} systemd.run=/boot/firstrun.sh systemd.unit=x.target")
    assert first_run.command_line(once) == once
    assert once.count("systemd.run=") == 1
