"""The device as it is: asks the system, the buses, the camera and the running token. Changes nothing; needs root."""

from __future__ import annotations

import grp
import importlib.util
import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.authenticator.boards import settled
from appliance.authenticator.guards.choice import level_of
from appliance.check.world import Disk, Member, Token
from appliance.core.clock_trust import Trust
from appliance.core.errors import DeskTokenError
from appliance.hardware.camera import CameraMissing
from appliance.hardware.camera_choice import open_camera
from appliance.hardware.glass import panel_at
from appliance.hardware.system_clock import SystemClock
from appliance.wire.asking import Status, StatusReply
from appliance.wire.boards import Display
from appliance.wire.client import ControlClient
from appliance.wire.config_file import Camera, Config

USERS = Path("/usr/lib/sysusers.d/desk-token.conf")
CALLER, SOCKET = "desk-token-page", Path("/run/desk-token/control/page.sock")
FAILED = ("systemctl", "list-units", "desk-token-*", "--state=failed", "--plain", "--no-legend")
PATIENCE = 5.0


class ThisMachine:
    """`file` is the configuration, `users` what the package asks systemd-sysusers for."""

    def __init__(self, file: Path, users: Path = USERS, caller: Path = SOCKET) -> None:
        self._file = file
        self._users = users
        self._caller = caller

    def config(self) -> Config:
        """Over the board that was chosen on the device, as the authenticator has it. Raises ConfigTrouble."""
        return settled(self._file)[0]

    def members(self) -> tuple[Member, ...]:
        """The `m` lines of sysusers.d(5)."""
        lines = self._users.read_text().splitlines() if self._users.exists() else []
        words = (line.split() for line in lines if line.startswith("m "))
        return tuple(_member(user, group) for _, user, group in words)

    def is_there(self, device: Path) -> bool:
        """Whether the kernel made it."""
        return device.exists()

    def has_driver(self, module: str) -> bool:
        """Looks without importing: some drivers claim their parts at once."""
        return importlib.util.find_spec(module) is not None

    def panel_at(self, display: Display) -> int | None:
        """One word that does nothing, also to a panel in use. Raises HardwareMissing."""
        return panel_at(display)

    def see(self, camera: Camera) -> None:
        """One frame. Raises CameraMissing, CameraBusy."""
        with open_camera("", Path("/run/desk-token"), camera.model, camera.size) as opened:
            if next(opened.frames(), None) is None:
                raise CameraMissing

    def disk(self, state: Path) -> Disk | None:
        """Of the file system with the records."""
        try:
            found = os.statvfs(state)
        except OSError:
            return None
        return Disk(found.f_bavail * found.f_frsize, bool(found.f_flag & os.ST_RDONLY))

    def key_level(self, state: Path) -> str:
        """As it stands beside the records."""
        return level_of(state)

    def trust(self) -> Trust:
        """As the authenticator would judge it at its start."""
        return SystemClock().now().trust

    def failed(self) -> tuple[str, ...]:
        """By systemd's word; none where there is no systemd."""
        try:
            said = subprocess.run(
                FAILED, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.SubprocessError):
            return ()
        return tuple(line.split()[0] for line in said.stdout.splitlines() if line.strip())

    def token(self) -> Token | None:
        """Asked as the page asks it: no other caller would be heard."""
        client = ControlClient(self._caller, "page", PATIENCE)
        try:
            with _as_user(CALLER):
                said = client.call(Status(), StatusReply)
        except (DeskTokenError, KeyError, PermissionError, ValueError):
            return None
        finally:
            client.close()
        return Token(said.parts, Trust(said.trust))


def _member(user: str, group: str) -> Member:
    try:
        person = pwd.getpwnam(user)
    except KeyError:
        return Member(user, group, is_user=False, is_member=False)
    try:
        found = grp.getgrnam(group)
    except KeyError:
        return Member(user, group, is_user=True, is_member=False)
    belongs = user in found.gr_mem or person.pw_gid == found.gr_gid
    return Member(user, group, is_user=True, is_member=belongs)


@contextmanager
def _as_user(name: str) -> Iterator[None]:
    """Be this user for a moment, as root can: sockets name their caller by it (SO_PEERCRED, unix(7))."""
    person, before, group = pwd.getpwnam(name), os.geteuid(), os.getegid()
    if before == person.pw_uid:
        yield
        return
    groups = os.getgroups()
    os.setgroups(os.getgrouplist(name, person.pw_gid))
    os.setegid(person.pw_gid)
    os.seteuid(person.pw_uid)
    try:
        yield
    finally:
        os.seteuid(before)
        os.setegid(group)
        os.setgroups(groups)
