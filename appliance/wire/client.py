"""The calling end of the control socket, for courier, page and serial line.

It owns idle connections and the deadline of every call. A call is sent at most once: a connection that the other
side has closed is noticed before the sending, and a call that was lost on the way is the caller's to judge.
"""

from __future__ import annotations

import select
import socket
from collections import deque
from pathlib import Path
from threading import BoundedSemaphore
from typing import Protocol, TypeVar

import msgspec

from appliance.core.errors import DeskTokenError, PeerTrouble
from appliance.wire.call import CAP, Call, Reply
from appliance.wire.framing import Line
from appliance.wire.ipc import CALLS

R = TypeVar("R", bound=msgspec.Struct)
DEADLINE = 10.0
IDLE, AT_ONCE = 4, 7


class Declined(DeskTokenError):
    """The authenticator took the call and said no; `str()` is its English sentence from the catalogue."""


class Caller(Protocol):
    """Somebody who can ask the authenticator."""

    def call(self, ask: msgspec.Struct, reply: type[R], extra: float = 0.0) -> R:
        """Ask, and wait for the reply for the deadline plus `extra` seconds. Raises PeerTrouble and Declined."""
        ...


class ControlClient:
    """One role's way to the authenticator; safe to share between threads."""

    def __init__(self, path: Path, role: str, deadline: float = DEADLINE) -> None:
        self._path = path
        self._calls = CALLS[role]
        self._deadline = deadline
        self._idle: deque[tuple[socket.socket, Line]] = deque()
        self._places = BoundedSemaphore(AT_ONCE)  # the authenticator serves eight a role

    def call(self, ask: msgspec.Struct, reply: type[R], extra: float = 0.0) -> R:
        """One call and its reply. `extra` seconds come on top of the deadline, for calls that wait on purpose.

        Raises PeerTrouble when nobody answers in time or the answer is not one, Declined for a refusal.
        """
        method = type(ask).__name__
        if self._calls.get(method) != (type(ask), reply):
            raise PeerTrouble("This process may not ask that")
        with self._places:
            return _opened(self._exchange(ask, extra), reply)

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop()[1].close()

    def _exchange(self, ask: msgspec.Struct, extra: float) -> Reply:
        connection, line = self._connect()
        try:
            connection.settimeout(self._deadline + extra)
            line.send(Call(type(ask).__name__, msgspec.Raw(msgspec.json.encode(ask))))
            answer: Reply | None = line.receive(Reply)
        except PeerTrouble:
            line.close()
            raise
        if answer is None:
            line.close()
            raise PeerTrouble("The other side is gone")
        self._keep(connection, line)
        return answer

    def _connect(self) -> tuple[socket.socket, Line]:
        while True:
            try:
                connection, line = self._idle.pop()
            except IndexError:
                break
            if not select.select([connection], [], [], 0)[0]:
                return connection, line
            line.close()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(self._deadline)
            connection.connect(str(self._path))
        except OSError as lost:
            connection.close()
            raise PeerTrouble("The other side is gone") from lost
        return connection, Line(connection, CAP)

    def _keep(self, connection: socket.socket, line: Line) -> None:
        if len(self._idle) < IDLE:
            self._idle.append((connection, line))
        else:
            line.close()


def _opened(answer: Reply, reply: type[R]) -> R:
    if answer.error == "internal":
        raise PeerTrouble("The other side is too slow or gone")
    if answer.error:
        raise Declined(answer.error[:300])
    try:
        return msgspec.json.decode(answer.parameters, type=reply)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise PeerTrouble("The other side sent something that is not a message") from wrong
