"""The control sockets, one a role: who may call what, how much, and for how long. Serves bytes, decides nothing.

The kernel says who is calling (SO_PEERCRED), the role's table says which methods exist for it, and every message has
a size cap and a deadline. A call is decoded only after all of that. Nothing of a call is ever logged but its name.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from appliance.core.errors import DeskTokenError, PeerTrouble
from appliance.wire.call import CAP, Call, Reply
from appliance.wire.framing import Line
from appliance.wire.ipc import CALLS

CAPS = {
    "courier": 128 * 1024,
    "page": CAP,
    "console": 128 * 1024,
    "steward": 128 * 1024,
    "porter": 4096,
    "updater": 128 * 1024,
}
MOST_CONNECTIONS = 8
MESSAGE_SECONDS, IDLE_SECONDS = 10.0, 120.0
NO_CALL = Reply(error="There is no such call")
NOT_COMPLETE = Reply(error="The call is not complete")
# what a mistake of our own raises: one bad call is answered "internal" and ends nothing else
MISTAKES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
log = logging.getLogger("authenticator.control")
Answer = Callable[[str, msgspec.Struct], msgspec.Struct]


@dataclass(frozen=True, slots=True)
class Door:
    """One role's socket: who may come in, and the cap of its messages in bytes."""

    role: str
    listening: socket.socket
    users: frozenset[int]
    cap: int
    places: threading.BoundedSemaphore


class Control:
    """Serves the sockets under `folder` until it is closed. `answer` raises DeskTokenError for a refusal."""

    def __init__(
        self,
        folder: Path,
        users: Mapping[str, frozenset[int]],
        answer: Answer,
        clock: Callable[[], float],
        message_seconds: float = MESSAGE_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._answer = answer
        self._clock = clock
        self._message_seconds = message_seconds
        self._idle_seconds = idle_seconds
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._doors = tuple(_door(folder, role, users.get(role, frozenset())) for role in CALLS)
        for door in self._doors:
            threading.Thread(target=self._accept, args=(door,), name=door.role, daemon=True).start()

    def close(self) -> None:
        """Take no more calls."""
        for door in self._doors:
            with contextlib.suppress(OSError):
                door.listening.shutdown(socket.SHUT_RDWR)
            door.listening.close()

    def _accept(self, door: Door) -> None:
        while True:
            try:
                connection, _ = door.listening.accept()
            except OSError:
                return
            user = _user_of(connection)
            if user not in door.users or not door.places.acquire(blocking=False):
                log.warning("caller turned away role=%s user=%s", door.role, user)
                connection.close()
                continue
            threading.Thread(
                target=self._serve, args=(door, connection), name=f"{door.role} call", daemon=True
            ).start()

    def _serve(self, door: Door, connection: socket.socket) -> None:
        try:
            with connection:
                self._converse(door, connection)
        except PeerTrouble as trouble:
            log.info("caller dropped role=%s: %s", door.role, trouble)
        finally:
            door.places.release()

    def _converse(self, door: Door, connection: socket.socket) -> None:
        line = Line(connection, door.cap)
        while line.begun or select.select([connection], [], [], self._idle_seconds)[0]:
            untrusted = line.receive_bytes(self._countdown())
            if untrusted is None:
                return
            connection.settimeout(self._message_seconds)
            line.send(self._reply(door.role, untrusted))

    def _countdown(self) -> Callable[[], float]:
        """How many seconds the message that begins now may still take."""
        deadline = self._clock() + self._message_seconds
        return lambda: deadline - self._clock()

    def _reply(self, role: str, untrusted: bytes) -> Reply:
        try:
            call = msgspec.json.decode(untrusted, type=Call)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise PeerTrouble("The other side sent something that is not a message") from wrong
        if call.method not in CALLS[role]:
            log.warning("call refused role=%s", role)
            return NO_CALL
        asks, answers = CALLS[role][call.method]
        try:
            asked = msgspec.json.decode(call.parameters, type=asks)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return NOT_COMPLETE
        return self._answered(role, asked, answers)

    def _answered(self, role: str, asked: msgspec.Struct, answers: type[msgspec.Struct]) -> Reply:
        try:
            reply = self._answer(role, asked)
        except DeskTokenError as refusal:
            return Reply(error=str(refusal))
        except MISTAKES as broken:
            log.error("call broke method=%s kind=%s", type(asked).__name__, type(broken).__name__)
            return Reply(error="internal")
        if not isinstance(reply, answers):
            return Reply(error="internal")
        return Reply(parameters=msgspec.Raw(msgspec.json.encode(reply)))


def _door(folder: Path, role: str, users: frozenset[int]) -> Door:
    path = folder / f"{role}.sock"
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    path.chmod(0o660)
    listening.listen(MOST_CONNECTIONS)
    return Door(role, listening, users, CAPS[role], threading.BoundedSemaphore(MOST_CONNECTIONS))


def _user_of(connection: socket.socket) -> int:
    """The caller's user id, by the kernel's word."""
    size = struct.calcsize("3i")
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    user: int = struct.unpack("3i", credentials)[1]
    return user
