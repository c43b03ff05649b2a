"""A private system bus with a second NetworkManager on it: python-dbusmock's own template, in processes of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jeepney import DBusAddress

from appliance.steward.bus import Bus

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""
MANAGER = DBusAddress(
    "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager", "org.freedesktop.DBus.Mock"
)
MANAGER_ROOT = DBusAddress(
    "/org/freedesktop/NetworkManager",
    "org.freedesktop.NetworkManager",
    "org.freedesktop.NetworkManager",
)
LOGIN = DBusAddress(
    "/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.DBus.Mock"
)
TIME_MOCK = DBusAddress(
    "/org/freedesktop/timedate1", "org.freedesktop.timedate1", "org.freedesktop.DBus.Mock"
)


@contextmanager
def bus(folder: Path, *templates: str) -> Iterator[str]:
    """The address of a bus with these mocks on it, until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    path, config = folder / "bus", folder / "bus.conf"
    config.write_text(CONFIG.format(path=path))
    address = f"unix:path={path}"
    daemon = shutil.which("dbus-daemon")
    assert daemon, "dbus-daemon is not installed; make setup installs it"
    running = [
        _started(
            [daemon, f"--config-file={config}", "--nofork", "--print-address=1"], subprocess.PIPE
        )
    ]
    try:
        assert running[0].stdout is not None
        running[0].stdout.readline()
        running += [_mock(template, address) for template in templates]
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()


def _started(
    words: list[str], out: int = subprocess.DEVNULL, **more: str
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words, stdout=out, stderr=subprocess.DEVNULL, env={"PATH": "/usr/bin", **more}
    )


def _mock(template: str, address: str) -> subprocess.Popen[bytes]:
    """The mock runs with the system's own Python, where Debian puts it; ready when its name is on the bus."""
    words = ["/usr/bin/python3", "-m", "dbusmock", "--template", template]
    process = _started(words, DBUS_SYSTEM_BUS_ADDRESS=address)
    name = {"networkmanager": "NetworkManager", "logind": "login1", "timedated": "timedate1"}
    names = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    asking = Bus(address)
    while not asking.call(names, "NameHasOwner", "s", f"org.freedesktop.{name[template]}")[0]:
        assert process.poll() is None, f"the mock of {template} did not start"
    asking.close()
    return process


def wifi(address: str, *points: tuple[str, int, bool]) -> str:
    """Put a Wi-Fi part with these networks near it: name, strength, secured. Gives its path."""
    line = Bus(address)
    device: str = line.call(MANAGER, "AddWiFiDevice", "ssu", "wlan0", "wlan0", 100)[0]
    for number, (ssid, strength, secured) in enumerate(points):
        values = (f"ap{number}", ssid, f"00:23:F8:7E:12:{number:02X}", 2, 2425, 54, strength)
        security = 0x100 if secured else 0
        words = (device, *values, security)
        line.call(MANAGER, "AddAccessPoint", "ssssuuuyu", *words)
    line.close()
    return device


def saved(address: str) -> list[dict[str, dict[str, tuple[str, object]]]]:
    """Every connection that NetworkManager has stored."""
    line = Bus(address)
    root = "/org/freedesktop/NetworkManager/Settings"
    name = "org.freedesktop.NetworkManager"
    paths = line.call(DBusAddress(root, name, f"{name}.Settings"), "ListConnections")[0]
    of = (DBusAddress(path, name, f"{name}.Settings.Connection") for path in paths)
    found = [line.call(each, "GetSettings")[0] for each in of]
    line.close()
    return found
