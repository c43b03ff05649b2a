"""Debian's own NetworkManager on a private bus, in a network of its own: a namespace with one virtual cable in it.

Bus, NetworkManager and cable live and end with one process; nothing of this machine's network is seen or touched.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.steward.bus import Bus, BusTrouble
from appliance.steward.networks import ROOT, at
from tests.hardware.bodies import soon
from tests.steward.mock_bus import CONFIG

# /sys read-only tells NetworkManager that there is no udev to wait for (containers have none)
INSIDE = """
set -e
mount -t tmpfs none /run
mkdir -p /run/NetworkManager /run/dbus
mount -t sysfs -o ro none /sys
ip link set lo up
ip link add cable type veth peer name wall
ip link set wall up
dbus-daemon --config-file="$FOLDER/bus.conf" --nofork --nopidfile &
exec NetworkManager --no-daemon --config="$FOLDER/manager.conf" --config-dir="$FOLDER/none" \\
  --system-config-dir="$FOLDER/none" --state-file="$FOLDER/state" --pid-file="$FOLDER/pid"
"""
MANAGER = """
[main]
plugins=keyfile
dhcp=internal
dns=none
auth-polkit=false
no-auto-default=*
[keyfile]
path={folder}/connections
[device]
match-device=interface-name:cable
managed=1
[device-others]
match-device=except:interface-name:cable
managed=0
"""


def why_not() -> str:
    """Why it cannot run on this machine, or nothing."""
    if shutil.which("NetworkManager", path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
        return "NetworkManager is not installed"
    tried = subprocess.run(
        ["unshare", "--net", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        check=False,
    )
    return "" if tried.returncode == 0 else "this machine allows no network of one's own"


@contextmanager
def network_manager(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of its bus, and its process, which is inside its network, until the end of the block."""
    for name in ("none", "connections"):
        (folder / name).mkdir(parents=True)
    (folder / "bus.conf").write_text(CONFIG.format(path=folder / "bus"))
    (folder / "manager.conf").write_text(MANAGER.format(folder=folder))
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            ["unshare", "--net", "--mount", "bash", "-c", INSIDE],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "FOLDER": str(folder)}
            | {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder / 'bus'}"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        address = f"unix:path={folder / 'bus'}"
        assert soon(lambda: running.poll() is not None or _is_there(address))
        assert running.poll() is None, (folder / "log").read_text()
        yield address, running.pid
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(20)


def addresses(inside: int) -> str:
    """What the kernel says of the addresses of that network's cable."""
    words = ["nsenter", f"--net=/proc/{inside}/ns/net", "ip", "-o", "-4", "addr", "show", "cable"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def routes(inside: int) -> str:
    """And of its routes."""
    words = ["nsenter", f"--net=/proc/{inside}/ns/net", "ip", "-o", "-4", "route"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def _is_there(address: str) -> bool:
    try:
        line = Bus(address)
    except BusTrouble:
        return False
    try:
        line.call(at(f"{ROOT}/Settings", "Settings"), "ListConnections")
        return len(line.call(at(ROOT), "GetDevices")[0]) >= 3  # loopback and both ends of the cable
    except BusTrouble:
        return False
    finally:
        line.close()
