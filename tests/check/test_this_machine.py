"""The real world of the check, as far as any machine has it."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

import pytest

from appliance.check.this_machine import ThisMachine
from appliance.core.errors import HardwareMissing
from appliance.hardware.glass import panel_at
from appliance.wire.boards import Display
from appliance.wire.config_file import ConfigTrouble
from tests.check.device import SHIPPED

NOWHERE = Path("/nowhere")


def machine(users: Path = NOWHERE) -> ThisMachine:
    return ThisMachine(SHIPPED, users, NOWHERE)


def test_memberships_are_read_from_the_packages_own_list(tmp_path: Path) -> None:
    me = pwd.getpwuid(os.getuid())
    mine = grp.getgrgid(me.pw_gid).gr_name
    users = tmp_path / "sysusers.conf"
    users.write_text(
        f"# m is a member\nu nobody-here - -\nm {me.pw_name} {mine}\nm nobody-here gpio\n"
    )
    known, unknown = machine(users).members()
    assert known.is_member
    assert not unknown.is_user


def test_a_disk_is_measured_where_the_records_lie(tmp_path: Path) -> None:
    disk = machine().disk(tmp_path)
    assert disk is not None
    assert disk.free > 0
    assert not disk.read_only
    assert machine().disk(tmp_path / "not-there") is None


def test_the_configuration_is_the_authenticators_own() -> None:
    assert machine().config().board.display.driver == "ssd1306"
    with pytest.raises(ConfigTrouble):
        ThisMachine(NOWHERE).config()


def test_a_token_that_does_not_run_does_not_answer() -> None:
    assert machine().token() is None


def test_without_a_bus_no_panel_is_looked_for() -> None:
    with pytest.raises(HardwareMissing):
        panel_at(Display(driver="ssd1306", bus="i2c", i2c_port=22))


def test_a_driver_is_found_without_being_imported() -> None:
    assert machine().has_driver("gpiozero")
    assert not machine().has_driver("no_such_driver")
