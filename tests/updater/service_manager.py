"""A second service manager on a bus of its own: it keeps systemd's rules for units that were started too often.

What a unit is belongs to the test: `Units` says how one is and starts it anew. `Gate` is asked as systemd asks polkit.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.steward.mock_bus import bus

NAME = "org.freedesktop.systemd1"
ROW = "(ssssssouso)"
# the words that systemd gives polkit for each method (src/core/dbus-unit.c)
VERBS = {
    "StartUnit": "start",
    "StopUnit": "stop",
    "RestartUnit": "restart",
    "TryRestartUnit": "try-restart",
    "ResetFailedUnit": "reset-failed",
}
DENIED = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"


class Units(Protocol):
    """The processes behind the units' names."""

    def state(self, unit: str) -> str:
        """`active`, `activating`, `failed` or `inactive`."""
        ...

    def restart(self, unit: str) -> None:
        """Start it anew."""
        ...


class Gate(Protocol):
    """Who may do what to a unit."""

    def lets(self, sender: str, verb: str, unit: str) -> bool:
        """Whether the caller with this name on the bus may."""
        ...


class Open:
    """Everybody may do everything."""

    def lets(self, _sender: str, _verb: str, _unit: str) -> bool:
        return True


class ServiceManager(threading.Thread):
    """Answers the updater's calls until it is told to stop; `asked` keeps each with its unit."""

    def __init__(self, address: str, units: Units, gate: Gate | None = None) -> None:
        super().__init__(name="service-manager", daemon=True)
        self.address, self._units, self._gate = address, units, gate or Open()
        self.asked: list[tuple[str, str]] = []
        self._forgotten: set[str] = set()
        self._line: DBusConnection = open_dbus_connection(address)
        self._line.send_and_get_reply(message_bus.RequestName(NAME))
        self._ended = False
        self.start()

    def run(self) -> None:
        while not self._ended:
            try:
                heard = self._line.receive(timeout=0.2)
            except TimeoutError:
                continue
            if heard.header.message_type is MessageType.method_call:
                self._line.send(self._answer(heard))

    def stop(self) -> None:
        self._ended = True
        self.join()
        self._line.close()

    def _answer(self, heard: Message) -> Message:
        method, unit = heard.header.fields[HeaderFields.member], heard.body[0]
        if method == "ListUnitsByNames":
            rows = [(name, "", "loaded", self._units.state(name), *_REST) for name in unit]
            return new_method_return(heard, f"a{ROW}", (rows,))
        if not self._gate.lets(heard.header.fields[HeaderFields.sender], VERBS[method], unit):
            return new_error(heard, DENIED, "s", ("Interactive authentication required.",))
        self.asked.append((method, unit))
        if method == "ResetFailedUnit":
            self._forgotten.add(unit)
            return new_method_return(heard)
        state = self._units.state(unit)
        if state == "failed" and method == "StartUnit" and unit not in self._forgotten:
            return new_error(heard, f"{NAME}.UnitStartLimitHit", "s", ("too often",))
        if state in ("failed", "inactive") if method == "StartUnit" else state == "active":
            self._units.restart(unit)
        return new_method_return(heard, "o", ("/job/1",))


_REST = ("", "", "/unit", 0, "", "/")


@contextmanager
def service_manager(folder: Path, units: Units) -> Iterator[ServiceManager]:
    """One on a bus of its own, until the end of the block."""
    with bus(folder) as address:
        manager = ServiceManager(address, units)
        try:
            yield manager
        finally:
            manager.stop()
