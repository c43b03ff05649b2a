"""Restarting the device's other processes, through the service manager (org.freedesktop.systemd1, D-Bus API).

polkit lets the updater restart exactly these units and nothing else. The simulated half restarts nothing: a virtual
token runs the same code whatever the slot says.
"""

from __future__ import annotations

import logging
from typing import Protocol

from jeepney import DBusAddress, DBusErrorResponse, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

from appliance.core.errors import PeerTrouble

UNITS = (
    "desk-token-authenticator.service",
    "desk-token-courier.service",
    "desk-token-porter.service",
    "desk-token-steward.service",
    "desk-token-page.service",
)
MANAGER = DBusAddress(
    "/org/freedesktop/systemd1", "org.freedesktop.systemd1", "org.freedesktop.systemd1.Manager"
)
PATIENCE = 25.0
log = logging.getLogger("updater")


class Services(Protocol):
    """The device's other processes. `same_code` says that a restart does not change what runs."""

    @property
    def same_code(self) -> bool: ...

    def restart(self) -> None:
        """Restart those that run, in order. Raises PeerTrouble when the service manager is not there."""
        ...


class SystemServices:
    """The units of a real device; `address` is the system bus."""

    same_code = False

    def __init__(self, address: str = "SYSTEM") -> None:
        self._address = address

    def restart(self) -> None:
        """Ask for each; one that does not run stays as it is (TryRestartUnit)."""
        try:
            with open_dbus_connection(self._address) as line:
                for unit in UNITS:
                    asked = new_method_call(MANAGER, "TryRestartUnit", "ss", (unit, "replace"))
                    unwrap_msg(line.send_and_get_reply(asked, timeout=PATIENCE))
        except DBusErrorResponse as refused:
            raise PeerTrouble("The system refused it") from refused
        except (OSError, TimeoutError, ValueError, KeyError) as lost:
            raise PeerTrouble("The system does not answer") from lost
        log.info("services restarted")


class SimulatedServices:
    """A virtual token's: nothing to restart."""

    same_code = True

    def restart(self) -> None:
        """Nothing."""
        log.info("services stay, this token is virtual")
