"""The system bus, seen as calls and properties (D-Bus specification 0.43). Everything that comes back is untrusted.

One connection, one thread. A service that is not there or says no is `BusTrouble`, never a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, MatchRule, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from appliance.core.errors import DeskTokenError

PATIENCE = 25.0
DAEMON = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


class BusTrouble(DeskTokenError):
    """The system bus, or somebody on it, did not do what was asked."""


class Bus:
    """A connection to the bus at this address (`SYSTEM`, or `unix:path=…`). Raises BusTrouble."""

    def __init__(self, address: str) -> None:
        try:
            self._line: DBusConnection = open_dbus_connection(address)
        except (OSError, ValueError, KeyError) as lost:
            raise BusTrouble("This token has no system bus") from lost

    def call(
        self, to: DBusAddress, method: str, signature: str = "", *values: object
    ) -> tuple[Any, ...]:
        """Call a method and give what it returns. Raises BusTrouble."""
        message = new_method_call(to, method, signature or None, values)
        try:
            return tuple(unwrap_msg(self._line.send_and_get_reply(message, timeout=PATIENCE)))
        except DBusErrorResponse as refused:
            raise BusTrouble("The system refused it") from refused
        except (OSError, TimeoutError, ValueError) as lost:
            raise BusTrouble("The system does not answer") from lost

    def get(self, of: DBusAddress, name: str) -> Any:  # noqa: ANN401 - whatever the bus says
        """One property, or None when it is not there."""
        message = Properties(of).get(name)
        with suppress(DBusErrorResponse, OSError, TimeoutError, ValueError):
            reply = unwrap_msg(self._line.send_and_get_reply(message, timeout=PATIENCE))
            return reply[0][1]
        return None

    def put(self, of: DBusAddress, name: str, signature: str, value: object) -> None:
        """Set one property. Raises BusTrouble."""
        message = Properties(of).set(name, signature, value)
        try:
            unwrap_msg(self._line.send_and_get_reply(message, timeout=PATIENCE))
        except DBusErrorResponse as refused:
            raise BusTrouble("The system refused it") from refused
        except (OSError, TimeoutError, ValueError) as lost:
            raise BusTrouble("The system does not answer") from lost

    def changes(self, of: DBusAddress) -> Iterator[None]:
        """Once at the beginning, and again whenever this object has said something by itself. Raises BusTrouble."""
        rule = MatchRule(type="signal", path=of.object_path)
        with self._line.filter(rule) as said:  # also what comes between a question and its answer
            self.call(DAEMON, "AddMatch", "s", rule.serialise())
            while True:
                yield
                try:
                    self._line.recv_until_filtered(said)
                except (OSError, ValueError) as lost:
                    raise BusTrouble("The system does not answer") from lost

    def close(self) -> None:
        """Leave the bus."""
        self._line.close()
