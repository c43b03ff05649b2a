"""A process that only asks the authenticator is alive as long as its asking goes round: that feeds its watchdog.

Speaks sd_notify by hand: one datagram to the socket that systemd names, nothing without it. A call that failed counts
too: an authenticator that is away is no reason to end its courier.
"""

from __future__ import annotations

import contextlib
import socket
from typing import TypeVar

import msgspec

from appliance.wire.client import Caller

R = TypeVar("R", bound=msgspec.Struct)


def notify(address: str, word: bytes) -> None:
    """Say this to the service manager at `address` (NOTIFY_SOCKET); an empty one is nobody."""
    if not address:
        return
    place = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, contextlib.suppress(OSError):
        line.sendto(word, place)


class Beating:
    """A caller whose every call, answered or not, says that the loop around it still turns."""

    def __init__(self, desk: Caller, address: str) -> None:
        self._desk = desk
        self._address = address

    def call(self, ask: msgspec.Struct, reply: type[R], extra: float = 0.0) -> R:
        """As the caller it stands before. Raises what that one raises."""
        try:
            return self._desk.call(ask, reply, extra)
        finally:
            notify(self._address, b"WATCHDOG=1")
