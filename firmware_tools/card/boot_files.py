"""The files of a card's boot partition that give a device its name, network and keys at its first start. Pure.

Trixie reads cloud-init's user-data, network-config and meta-data; Bookworm reads custom.toml. A Wi-Fi password is
written as the key that WPA2 makes of it (IEEE 802.11i, PBKDF2), never as the words themselves.
"""

from __future__ import annotations

import hashlib
import json

from firmware_tools.bench.wanted import Wanted

SUITES = ("trixie", "bookworm")
SERIAL_FILE = "/var/lib/desk-token/serial"


def files(wanted: Wanted, keys: tuple[str, ...], suite: str) -> dict[str, str]:
    """Name to content. `keys` are the public keys of those who may log in over ssh."""
    if suite == "bookworm":
        return {"custom.toml": _custom(wanted, keys)}
    return {
        "meta-data": _yaml({"instance-id": f"desk-token-{wanted.name or 'fresh'}"}),
        "user-data": "#cloud-config\n" + _yaml(_user(wanted, keys)),
        "network-config": _yaml({"network": _network(wanted)}),
    }


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
    if wanted.country:
        user["runcmd"] = [["raspi-config", "nonint", "do_wifi_country", wanted.country]]
    return user


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


def _custom(wanted: Wanted, keys: tuple[str, ...]) -> str:
    lines = [
        "config_version = 1",
        "",
        "[system]",
        f"hostname = {_word(wanted.name or 'desk-token')}",
    ]
    lines += [
        "",
        "[ssh]",
        f"enabled = {str(bool(keys)).lower()}",
        "password_authentication = false",
    ]
    lines += [f"authorized_keys = [{', '.join(map(_word, keys))}]"]
    if wanted.ssid:
        lines += [
            "",
            "[wlan]",
            f"ssid = {_word(wanted.ssid)}",
            f"country = {_word(wanted.country)}",
        ]
        lines += [f"hidden = {str(wanted.hidden).lower()}"]
        if wanted.passphrase:
            key = wpa_key(wanted.ssid, wanted.passphrase)
            lines += [f"password = {_word(key)}", "password_encrypted = true"]
    return "\n".join(lines) + "\n"


def _yaml(value: object) -> str:
    """JSON is YAML 1.2, and its strings need no rules about quoting."""
    return json.dumps(value, indent=2) + "\n"


def _word(words: str) -> str:
    """A basic string of TOML; JSON's escapes are a subset of its own."""
    return json.dumps(words)
