"""NetworkManager over D-Bus: how the network is, what is near, and joining another one.

A new network is written as one connection of ours that is put in the place of the one before; what NetworkManager
refuses changes nothing. Names from the air are made printable before anybody sees them.
Source: NetworkManager D-Bus API reference 1.42.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from threading import Event
from typing import Any

from jeepney import DBusAddress

from appliance.steward.bus import Bus, BusTrouble
from appliance.steward.profile import ID, Settings, life_of, profile
from appliance.wire.upkeep import Nearby, NetworkState, Wireless

NAME, ROOT = "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager"
CONNECTED, WIFI, WIRED, VIRTUAL_WIRE = 60, 2, 1, 20  # NMState, NMDeviceType; 20 is a container's
SEARCH_SECONDS, A_LOOK = 8.0, 0.25
MOST_NEARBY, MOST_ADDRESSES, LONGEST_SSID = 40, 16, 32
KINDS = {WIFI: "wifi", WIRED: "cable"}


def at(path: str, part: str = "") -> DBusAddress:
    """An object of NetworkManager with one of its interfaces."""
    return DBusAddress(path, NAME, f"{NAME}.{part}" if part else NAME)


class Networks:
    """The one network manager of this device."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def state(self, country: str = "") -> NetworkState:
        """How it is now. Raises BusTrouble when there is no NetworkManager."""
        reached = self._bus.get(at(ROOT), "State")
        if reached is None:
            raise BusTrouble("This token has no network manager")
        device = self._wifi()
        current = self._current(device)
        return NetworkState(
            connected=reached >= CONNECTED,
            kind=self._kind(),
            ssid=current.ssid if current else "",
            signal=current.signal if current else 0,
            addresses=tuple(self._addresses()),
            country=country,
            nearby=tuple(self._nearby(device)),
        )

    def way(self) -> tuple[bool, str]:
        """Whether there is a way out now, and the connection it goes by; one that came anew has another name."""
        reached = self._bus.get(at(ROOT), "State") or 0
        first = self._bus.get(at(ROOT), "PrimaryConnection")
        return reached >= CONNECTED, str(first or "/")

    def search(self, patience: float = SEARCH_SECONDS) -> None:
        """Let the Wi-Fi part look around, and wait until it has, or for so many seconds. Raises BusTrouble."""
        radio = at(self._needed_wifi(), "Device.Wireless")
        before = self._bus.get(radio, "LastScan")
        self._bus.call(radio, "RequestScan", "a{sv}", {})
        for _ in range(int(patience / A_LOOK)):
            if self._bus.get(radio, "LastScan") != before:
                return
            Event().wait(A_LOOK)

    def join(self, wireless: Wireless, life: str = "") -> None:
        """Put our connection in the place of the one before and use it; it belongs to this life. Raises BusTrouble."""
        device = self._needed_wifi() if wireless.ssid else self._of_kind(WIRED, VIRTUAL_WIRE)
        if device is None:
            raise BusTrouble("This token has no network cable")
        made = self._added(profile(wireless, life))
        target = ("/" if wireless.ssid == "" else self._heard(device, wireless.ssid)) or "/"
        self._bus.call(at(ROOT), "ActivateConnection", "ooo", made, device, target)
        self._forget_others(made)

    def _added(self, settings: Settings) -> str:
        store = at(f"{ROOT}/Settings", "Settings")
        made: str = self._bus.call(store, "AddConnection", "a{sa{sv}}", settings)[0]
        return made

    def forget_lives_but(self, life: str) -> int:
        """Connections of ours from another life go; how many went. Raises BusTrouble."""
        strange = [path for path, of in self._ours() if of not in ("", life)]
        for path in strange:
            self._bus.call(at(path, "Settings.Connection"), "Delete")
        return len(strange)

    def _forget_others(self, made: str) -> None:
        """Older connections of ours go; those that somebody else made stay."""
        for path, _ in self._ours():
            if path != made:
                self._bus.call(at(path, "Settings.Connection"), "Delete")

    def _ours(self) -> list[tuple[str, str]]:
        """Every connection that we made, with the life it belongs to."""
        store = at(f"{ROOT}/Settings", "Settings")
        found = (
            (path, self._bus.call(at(path, "Settings.Connection"), "GetSettings")[0])
            for path in self._bus.call(store, "ListConnections")[0]
        )
        return [
            (path, life_of(settings))
            for path, settings in found
            if settings.get("connection", {}).get("id", ("s", ""))[1] == ID
        ]

    def _wifi(self) -> str | None:
        return self._of_kind(WIFI)

    def _needed_wifi(self) -> str:
        device = self._wifi()
        if device is None:
            raise BusTrouble("This token has no Wi-Fi")
        return device

    def _of_kind(self, *kinds: int) -> str | None:
        devices: list[str] = self._bus.call(at(ROOT), "GetDevices")[0]
        for path in devices:
            if self._bus.get(at(path, "Device"), "DeviceType") in kinds:
                return path
        return None

    def _kind(self) -> str:
        for path in self._bus.get(at(ROOT), "ActiveConnections") or ():
            kind = str(self._bus.get(at(path, "Connection.Active"), "Type") or "")
            if kind in ("802-11-wireless", "802-3-ethernet"):
                return "wifi" if kind == "802-11-wireless" else "cable"
        return ""

    def _addresses(self) -> list[str]:
        found = []
        for path in self._bus.call(at(ROOT), "GetDevices")[0]:
            config = self._bus.get(at(path, "Device"), "Ip4Config")
            rows = self._bus.get(at(str(config), "IP4Config"), "AddressData") if config else None
            found += [_address(row) for row in rows or ()]
        return [address for address in found if address][:MOST_ADDRESSES]

    def _current(self, device: str | None) -> Nearby | None:
        if device is None:
            return None
        path = self._bus.get(at(device, "Device.Wireless"), "ActiveAccessPoint")
        return self._point(str(path)) if path and path != "/" else None

    def _nearby(self, device: str | None) -> list[Nearby]:
        if device is None:
            return []
        strongest: dict[str, Nearby] = {}
        for path in self._points(device):
            point = self._point(path)
            known = strongest.get(point.ssid)
            if point.ssid and (known is None or known.signal < point.signal):
                strongest[point.ssid] = point
        return sorted(strongest.values(), key=lambda point: -point.signal)[:MOST_NEARBY]

    def _points(self, device: str) -> list[str]:
        found: list[str] = self._bus.call(at(device, "Device.Wireless"), "GetAllAccessPoints")[0]
        return found[: 4 * MOST_NEARBY]

    def _heard(self, device: str, ssid: str) -> str | None:
        for path in self._points(device):
            if _raw(self._bus.get(at(path, "AccessPoint"), "Ssid")) == ssid.encode():
                return path
        return None

    def _point(self, path: str) -> Nearby:
        of = at(path, "AccessPoint")
        strength = self._bus.get(of, "Strength")
        flags = [self._bus.get(of, name) or 0 for name in ("Flags", "WpaFlags", "RsnFlags")]
        return Nearby(
            printable(_raw(self._bus.get(of, "Ssid"))),
            min(100, int(strength)) if isinstance(strength, int) else 0,
            any(flags),
        )


def printable(untrusted_ssid: bytes) -> str:
    """A network's name as it may be shown: at most 32 letters, none of them a control or direction mark."""
    words = untrusted_ssid[:LONGEST_SSID].decode(errors="replace")
    return "".join(c for c in words if unicodedata.category(c)[0] != "C").strip()


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray | list) else b""


def _address(row: dict[str, Any]) -> str:
    try:
        found = ipaddress.ip_interface(f"{row['address'][1]}/{row['prefix'][1]}")
        return "" if found.is_loopback else str(found)
    except (KeyError, TypeError, ValueError, IndexError):
        return ""
