"""The files of a card's boot partition that give a device its name, network and keys at its first start. Pure.

Trixie reads cloud-init's user-data, network-config and meta-data; Bookworm runs a script once (`first_run`). A Wi-Fi
password is written as the key that WPA2 makes of it (IEEE 802.11i, PBKDF2), never as the words themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from firmware_tools.bench.wanted import Wanted
from firmware_tools.card import first_run

SUITES = ("trixie", "bookworm")
SERIAL_FILE = "/var/lib/desk-token/serial"


def files(
    wanted: Wanted, keys: tuple[str, ...], suite: str, untrusted_cmdline: str = ""
) -> dict[str, str]:
    """Name to content, in the order of writing. `keys` are the public keys of those who may log in over ssh.

    The instance's name comes last and hangs on the other files: cloud-init does its work again when it is another one,
    so a card that has started before takes what is new on it, and one that was written half takes nothing. Bookworm's
    kernel command line is the one of the card with the script in it, and comes last for the same reason.
    Raises Refused for a card that has none.
    """
    if suite == "bookworm":
        key = wpa_key(wanted.ssid, wanted.passphrase) if wanted.passphrase else ""
        script = first_run.script(wanted, keys, key, SERIAL_FILE)
        return {
            first_run.SCRIPT: script,
            first_run.CMDLINE: first_run.command_line(untrusted_cmdline),
        }
    user = "#cloud-config\n" + _yaml(_user(wanted, keys))
    network = _yaml({"network": _network(wanted)})
    mark = hashlib.sha256((user + network).encode()).hexdigest()[:12]
    meta = _yaml({"instance-id": f"{wanted.name or 'desk-token'}-{mark}"})
    return {"network-config": network, "user-data": user, "meta-data": meta}


def wpa_key(ssid: str, passphrase: str) -> str:
    """The 256-bit key of a WPA2 network, in hexadecimal."""
    return hashlib.pbkdf2_hmac("sha1", passphrase.encode(), ssid.encode(), 4096, 32).hex()


def _user(wanted: Wanted, keys: tuple[str, ...]) -> dict[str, object]:
    user: dict[str, object] = {
        "hostname": wanted.name or "desk-token",
        "manage_etc_hosts": True,
        "ssh_pwauth": False,
        "rpi": {
            "interfaces": {"i2c": True, "spi": True, "serial": {"console": False, "hardware": True}}
        },
    }
    if keys:
        user["ssh_authorized_keys"] = list(keys)
    if wanted.serial:
        file = {"path": SERIAL_FILE, "content": wanted.serial, "permissions": "0644"}
        user["write_files"] = [file]
    if commands := list(_commands(wanted, keys)):
        user["runcmd"] = commands
    return user


def _commands(wanted: Wanted, keys: tuple[str, ...]) -> Iterator[list[str]]:
    """Raspberry Pi OS starts with its ssh server off, keys or not."""
    if wanted.country:
        yield ["raspi-config", "nonint", "do_wifi_country", wanted.country]
    if keys:
        yield ["systemctl", "enable", "--now", "ssh"]


def _network(wanted: Wanted) -> dict[str, object]:
    cable = {"eth0": {"dhcp4": True, "optional": True}}
    made: dict[str, object] = {"version": 2, "ethernets": cable}
    if wanted.ssid:
        point: dict[str, object] = {"hidden": True} if wanted.hidden else {}
        if wanted.passphrase:
            point["password"] = wpa_key(wanted.ssid, wanted.passphrase)
        radio = {
            "dhcp4": True,
            "optional": True,
            "regulatory-domain": wanted.country,
            "access-points": {wanted.ssid: point},
        }
        made["wifis"] = {"wlan0": radio}
    return made


def _yaml(value: object) -> str:
    """JSON is YAML 1.2, and its strings need no rules about quoting."""
    return json.dumps(value, indent=2) + "\n"
