"""What a wish for a network means to NetworkManager: the one connection profile that is ours. Pure.

Refuses what cannot be one, so that nothing half-right is stored. Source: nm-settings-dbus(5).
"""

from __future__ import annotations

import re
from typing import Any

from appliance.core.errors import Refused
from appliance.steward.bus import BusTrouble
from appliance.wire.fixed_address import fixed_address
from appliance.wire.upkeep import Wireless

ID = "desk-token"
LIFE = "desk-token.life"
WORLD = "00"  # the rules that hold everywhere: a scanned code names no country (wireless-regdb)
COUNTRY = re.compile(rf"[A-Z]{{2}}|{WORLD}", re.ASCII)
Settings = dict[str, dict[str, tuple[str, Any]]]


def profile(wireless: Wireless, life: str = "") -> Settings:
    """The connection's settings, marked with this life. Raises BusTrouble with a reason a person can act on."""
    made: Settings = {"ipv4": _addresses(wireless), "ipv6": {"method": ("s", "auto")}}
    if life:
        made["user"] = {"data": ("a{ss}", {LIFE: life})}
    if not wireless.ssid:
        connection = {"id": ("s", ID), "type": ("s", "802-3-ethernet")}
        return {**made, "connection": connection, "802-3-ethernet": {}}
    ssid = wireless.ssid.encode()
    if len(ssid) > 32:
        raise BusTrouble("A network's name has at most 32 letters")
    if not COUNTRY.fullmatch(wireless.country):
        raise BusTrouble("Choose the country first")
    made["connection"] = {"id": ("s", ID), "type": ("s", "802-11-wireless")}
    made["802-11-wireless"] = {"ssid": ("ay", ssid), "mode": ("s", "infrastructure")}
    if wireless.hidden:
        made["802-11-wireless"]["hidden"] = ("b", True)
    if wireless.passphrase:
        made["802-11-wireless"]["security"] = ("s", "802-11-wireless-security")
        made["802-11-wireless-security"] = _security(wireless.passphrase)
    return made


def life_of(untrusted: Settings) -> str:
    """The life that a stored connection is marked with, or nothing."""
    data = untrusted.get("user", {}).get("data", ("a{ss}", {}))[1]
    return str(data.get(LIFE, "")) if isinstance(data, dict) else ""


def _security(passphrase: str) -> dict[str, tuple[str, Any]]:
    if not 8 <= len(passphrase.encode()) <= 63:
        raise BusTrouble("A Wi-Fi password has 8 to 63 letters")
    return {"key-mgmt": ("s", "wpa-psk"), "psk": ("s", passphrase)}


def _addresses(wireless: Wireless) -> dict[str, tuple[str, Any]]:
    try:
        fixed = fixed_address(wireless.address, wireless.gateway, wireless.resolver)
    except Refused as wrong:
        raise BusTrouble(str(wrong)) from wrong
    if fixed is None:
        return {"method": ("s", "auto")}
    own = fixed.own
    row = {"address": ("s", str(own.ip)), "prefix": ("u", own.network.prefixlen)}
    made: dict[str, tuple[str, Any]] = {
        "method": ("s", "manual"),
        "address-data": ("aa{sv}", [row]),
    }
    if fixed.gateway:
        made["gateway"] = ("s", str(fixed.gateway))
    if fixed.resolver:
        made["dns"] = ("au", [int.from_bytes(fixed.resolver.packed, "little")])
    return made
