"""The device's one line to the simulated world: it reconnects by itself and says again what the world forgot.

It owns the socket and one reading thread. It must never block the loop: a send that does not go out within two
seconds counts as a part that is missing.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from appliance.core.errors import HardwareMissing, PeerTrouble
from appliance.hardware.ports import Edge
from appliance.hardware.simulated.protocol import (
    CAP,
    SOCKET,
    Attach,
    Blink,
    ClockIs,
    Moved,
    PartsAre,
    Say,
    Show,
    ToDevice,
)
from appliance.wire.framing import Line

_SEND_LIMIT = struct.pack("ll", 2, 0)
_RETRY = 0.2
_FIRST_WORDS = 2.0


def connect(run: Path) -> socket.socket:
    """A connection to the world in this run directory. Raises HardwareMissing when nobody listens."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(run / SOCKET))
    except OSError as absent:
        connection.close()
        raise HardwareMissing("The simulated world is not there") from absent
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_LIMIT)
    return connection


class WorldLink:
    """What the device knows of its world: the clock, the parts, and edges as they come."""

    def __init__(self, run: Path) -> None:
        self.clock = ClockIs(0.0, synchronised=False)
        self.parts = PartsAre(panel=True, camera=True)
        self._run = run
        self._on_edge: Callable[[Edge], None] | None = None
        self._line: Line | None = None
        self._socket: socket.socket | None = None
        self._last: dict[type, Show | Blink] = {}
        self._sending = threading.Lock()
        self._told = threading.Event()
        self._closed = threading.Event()
        reachable = self._open()
        self._listener = threading.Thread(target=self._live, name="world", daemon=True)
        self._listener.start()
        if reachable:
            self._told.wait(_FIRST_WORDS)

    @property
    def alive(self) -> bool:
        """Whether the listening thread lives."""
        return self._listener.is_alive()

    def listen(self, on_edge: Callable[[Edge], None]) -> None:
        """Hand every edge to this function, on the line's own thread."""
        self._on_edge = on_edge

    def send(self, message: Show | Blink | Say) -> None:
        """Send one message; the last picture and rhythm are kept for a world that comes back.

        Raises HardwareMissing when the world is not there.
        """
        with self._sending:
            if not isinstance(message, Say):
                self._last[type(message)] = message
            if self._line is None:
                raise HardwareMissing("The simulated world is not there")
            try:
                self._line.send(message)
            except PeerTrouble as gone:
                raise HardwareMissing("The simulated world is not there") from gone

    def close(self) -> None:
        """Hang up for good."""
        self._closed.set()
        self._drop()

    def _open(self) -> bool:
        try:
            connection = connect(self._run)
        except HardwareMissing:
            return False
        line = Line(connection, CAP)
        with self._sending, contextlib.suppress(PeerTrouble):
            line.send(Attach())
            for message in self._last.values():
                line.send(message)
            self._line, self._socket = line, connection
        return self._line is line

    def _drop(self) -> None:
        with self._sending:
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
                self._socket.close()
            self._line = self._socket = None

    def _live(self) -> None:
        while not self._closed.is_set():
            if self._line is None and not self._open():
                self._closed.wait(_RETRY)
                continue
            self._read_all()
            self._drop()

    def _read_all(self) -> None:
        line = self._line
        with contextlib.suppress(PeerTrouble):
            while line is not None:
                message: Moved | ClockIs | PartsAre | None = line.receive(ToDevice)
                if message is None:
                    return
                self._take(message)

    def _take(self, message: Moved | ClockIs | PartsAre) -> None:
        if isinstance(message, ClockIs):
            self.clock = message
        elif isinstance(message, PartsAre):
            self.parts = message
            self._told.set()
        elif self._on_edge is not None:
            self._on_edge(Edge(message.role, message.down, message.at))
