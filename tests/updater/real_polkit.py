"""Debian's own polkit with the rules files of this project, behind Debian's own policy of the bus for systemd.

Bus and polkit live in a namespace with users and rules of its own; nothing of this machine's polkit is seen or touched.
"""

from __future__ import annotations

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jeepney import DBusAddress, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from tests.hardware.bodies import soon

ROOT = Path(__file__).parents[2]
NAME = "org.freedesktop.PolicyKit1"
POLKIT = DBusAddress(f"/{NAME.replace('.', '/')}/Authority", NAME, f"{NAME}.Authority")
DAEMON = Path("/usr/lib/polkit-1/polkitd")
POLICY = Path("/usr/share/dbus-1/system.d/org.freedesktop.systemd1.conf")
# the units' users, and one that is nobody of ours
USERS = {
    "desk-token-updater": 60101,
    "desk-token-steward": 60102,
    "desk-token-page": 60103,
    "eve": 60104,
}
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:abstract={name}</listen>
<policy context="default"><allow user="*"/><deny own="*"/><deny send_type="method_call"/>
<allow send_type="signal"/><allow send_requested_reply="true" send_type="method_return"/>
<allow send_requested_reply="true" send_type="error"/><allow receive_type="method_call"/>
<allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/>
<allow send_destination="org.freedesktop.DBus"/></policy>
<include>{systemd}</include><include>/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf</include>
</busconfig>"""
INSIDE = """
set -e
mount --bind "$FOLDER/passwd" /etc/passwd
mount -t tmpfs none /run
mount -t tmpfs -o mode=0755 none /etc/polkit-1/rules.d
for rules in "$SYSTEMD"/*.polkit.rules; do
  install -m 0644 "$rules" "/etc/polkit-1/rules.d/$(basename "$rules" .polkit.rules).rules"
done
exec 3< <(exec dbus-daemon --config-file="$FOLDER/bus.conf" --nofork --nopidfile --print-address=1)
read -r _listening <&3  # polkit ends at once when there is no bus yet
exec "$DAEMON" --no-debug
"""


def why_not() -> str:
    """Why it cannot run on this machine, or nothing."""
    if not DAEMON.exists() or not POLICY.exists():
        return "polkitd or systemd is not installed"
    words = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    tried = subprocess.run(words, capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this machine allows no namespace of one's own"


@contextmanager
def polkit(folder: Path) -> Iterator[str]:
    """The address of a bus with polkit on it, until the end of the block."""
    name = f"desk-token-{uuid.uuid4().hex}"
    (folder / "bus.conf").write_text(CONFIG.format(name=name, systemd=POLICY))
    people = "".join(
        f"{who}:x:{uid}:{uid}::/nonexistent:/usr/sbin/nologin\n" for who, uid in USERS.items()
    )
    (folder / "passwd").write_text(Path("/etc/passwd").read_text() + people)
    (folder / "passwd").chmod(0o644)
    address = f"unix:abstract={name}"
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            ["unshare", "--mount", "bash", "-c", INSIDE],
            env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "FOLDER": str(folder),
                "DAEMON": str(DAEMON),
            }
            | {"SYSTEMD": str(ROOT / "systemd"), "DBUS_SYSTEM_BUS_ADDRESS": address},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        assert soon(lambda: running.poll() is not None or _is_there(address))
        assert running.poll() is None, (folder / "log").read_text()
        yield address
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(20)


@dataclass(frozen=True)
class Polkit:
    """Asks polkit as systemd does: about a name on the bus, with the unit and the verb."""

    line: DBusConnection

    def lets(self, sender: str, verb: str, unit: str) -> bool:
        """Whether it may at once, without anybody's password."""
        return self.answers(sender, "org.freedesktop.systemd1.manage-units", unit=unit, verb=verb)

    def answers(self, sender: str, action: str, **details: str) -> bool:
        """What it says to an action."""
        subject = ("system-bus-name", {"name": ("s", sender)})
        asked = (subject, action, details, 0, "")
        call = new_method_call(POLKIT, "CheckAuthorization", "(sa{sv})sa{ss}us", asked)
        ((authorized, _challenge, _details),) = unwrap_msg(
            self.line.send_and_get_reply(call, timeout=20)
        )
        return bool(authorized)


def _is_there(address: str) -> bool:
    try:
        line = open_dbus_connection(address)
    except OSError:
        return False
    try:
        return bool(
            unwrap_msg(line.send_and_get_reply(message_bus.NameHasOwner(NAME), timeout=5))[0]
        )
    finally:
        line.close()
