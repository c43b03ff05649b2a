"""Restarting the device's other processes, through the service manager (org.freedesktop.systemd1, D-Bus API).

polkit lets the updater do this to exactly these units and nothing else. A version that does not come up is started
until systemd gives it up; after that, only a unit whose count was reset can be started with the version before. The
simulated half restarts nothing: a virtual token runs the same code whatever the slot says.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Protocol

from jeepney import DBusAddress, DBusErrorResponse, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
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
        """Ask for each: one that was given up is started, one that does not run for another reason stays as it is."""
        try:
            with open_dbus_connection(self._address) as line:
                units = _called(line, "ListUnitsByNames", "as", list(UNITS))[0]
                given_up = {unit[0] for unit in units if unit[3] == "failed"}
                for unit in UNITS:
                    with suppress(DBusErrorResponse):  # nothing to forget of one that is not loaded
                        _called(line, "ResetFailedUnit", "s", unit)
                    way = "StartUnit" if unit in given_up else "TryRestartUnit"
                    _called(line, way, "ss", unit, "replace")
        except DBusErrorResponse as refused:
            raise PeerTrouble("The system refused it") from refused
        except (OSError, TimeoutError, ValueError, LookupError) as lost:
            raise PeerTrouble("The system does not answer") from lost
        log.info("services restarted")


def _called(line: DBusConnection, method: str, signature: str, *words: object) -> tuple[Any, ...]:
    """What the service manager returns. Raises DBusErrorResponse, OSError, TimeoutError."""
    asked = new_method_call(MANAGER, method, signature, words)
    return tuple(unwrap_msg(line.send_and_get_reply(asked, timeout=PATIENCE)))


class SimulatedServices:
    """A virtual token's: nothing to restart."""

    same_code = True

    def restart(self) -> None:
        """Nothing."""
        log.info("services stay, this token is virtual")
