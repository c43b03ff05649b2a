"""Messages on a local stream socket: one JSON object, then a NUL byte (Varlink's form).

Every read has a size cap and the caller sets a timeout on the socket; a peer that breaks either is dropped.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TypeVar

import msgspec

from appliance.core.errors import PeerTrouble

END = b"\0"
CAP = 64 * 1024
T = TypeVar("T")


class Line:
    """One connected socket as a line of messages. Raises PeerTrouble for a peer that is gone, slow or too loud."""

    def __init__(self, connection: socket.socket, cap: int = CAP) -> None:
        self._connection = connection
        self._cap = cap
        self._pending = bytearray()

    def send(self, message: msgspec.Struct) -> None:
        """Send one message whole."""
        try:
            self._connection.sendall(msgspec.json.encode(message) + END)
        except (TimeoutError, OSError) as lost:
            raise PeerTrouble("The other side is gone") from lost

    @property
    def begun(self) -> bool:
        """Whether a message has come in, or its beginning, that was not received yet."""
        return bool(self._pending)

    def receive(self, shape: type[T] | object) -> T | None:
        """The next message as this record (or union of records); None when the peer has closed in order."""
        untrusted = self.receive_bytes()
        if untrusted is None:
            return None
        try:
            message: T = msgspec.json.decode(untrusted, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise PeerTrouble("The other side sent something that is not a message") from wrong
        return message

    def receive_bytes(self, left: Callable[[], float] | None = None) -> bytes | None:
        """The next message undecoded, at most the cap long; `left` says how many seconds it may still take."""
        while END not in self._pending:
            if len(self._pending) > self._cap:
                raise PeerTrouble("The other side sent too much")
            try:
                if left is not None:
                    self._connection.settimeout(max(0.001, left()))
                chunk = self._connection.recv(65536)
            except (TimeoutError, OSError) as lost:
                raise PeerTrouble("The other side is too slow or gone") from lost
            if not chunk:
                return None
            self._pending += chunk
        message, _, rest = bytes(self._pending).partition(END)
        if len(message) > self._cap:
            raise PeerTrouble("The other side sent too much")
        self._pending = bytearray(rest)
        return message

    def close(self) -> None:
        """Close the connection; a second close is harmless."""
        self._connection.close()
