"""Laws of the local wires: messages on a stream socket, and the control sockets that are the authenticator's surface.

Real sockets and the real server carry the bytes; only the answers behind the server are made up here.
"""

from __future__ import annotations

import itertools
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from appliance.authenticator import control
from appliance.core.errors import PeerTrouble, Refused
from appliance.wire import framing
from appliance.wire.call import Call, Reply
from appliance.wire.ipc import CALLS
from appliance.wire.scan import Ask, Look, Picture
from tests.fuzz.verdict import hold, our_sentences, says_nothing

SMALL = 256
PATIENCE = 5.0
ROLES = tuple(CALLS)
TURNED_AWAY = "console"
DEEP = 100


def framed(untrusted: bytes, parser: ModuleType = framing) -> None:
    """`framing.Line`: what is received is what was sent, in order, each message within the cap; else PeerTrouble.

    The first byte says in how large pieces the rest is sent, and whether the peer hangs up or falls silent after it.
    """
    manner, rest = untrusted[0] if untrusted else 0, untrusted[1 : 32 * SMALL]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        size = max(1 + manner % 128, len(rest) // 64)
        for at in range(0, len(rest), size):
            theirs.sendall(rest[at : at + size])
        if manner < 128:
            theirs.close()
        line = parser.Line(ours, SMALL)
        messages, ended = received(line, manner)
        for place, message in enumerate(messages):
            hold(len(message) <= SMALL, "a message beyond the cap was taken")
            hold(message == rest.split(b"\0")[place], "a message is not what was sent")
        if ended:
            hold(len(messages) == rest.count(b"\0"), "a whole message was lost")
        gone(line, manner)
        line.close()
    decoded(rest, parser)


def received(line: framing.Line, manner: int) -> tuple[list[bytes], bool]:
    """All messages of a line, and whether it ended in order."""
    left: Callable[[], float] | None = (lambda: 0.001) if manner >= 128 else None
    messages: list[bytes] = []
    try:
        while (message := line.receive_bytes(left)) is not None:
            messages.append(message)
    except PeerTrouble as trouble:
        says_nothing(trouble)
        return messages, False
    return messages, True


def gone(line: framing.Line, manner: int) -> None:
    """A reply to a peer that hung up is trouble with a name."""
    try:
        line.send(Reply())
    except PeerTrouble as trouble:
        says_nothing(trouble)
        return
    hold(manner >= 128, "a reply to nobody was sent")


def decoded(untrusted: bytes, parser: ModuleType) -> None:
    """One message as a record of a union: that record and nothing else, or PeerTrouble."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(untrusted[:SMALL])
        theirs.close()
        try:
            asked: Any = parser.Line(ours, SMALL).receive(Ask)
        except PeerTrouble as trouble:
            says_nothing(trouble)
            return
        hold(asked is None or type(asked) in {Look, Picture}, "something else than asked came out")


class Surface:
    """The real control server on a folder of its own; whoever is behind it notes what gets through."""

    def __init__(self, parser: ModuleType, idle: float = 60.0) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-control-")
        self.heard: list[tuple[str, msgspec.Struct]] = []
        self._lines: dict[str, socket.socket] = {}
        users = {role: frozenset({os.getuid()}) for role in ROLES if role != TURNED_AWAY}
        self.server = parser.Control(
            Path(self._folder.name),
            users,
            self.answer,
            itertools.count(0.0, 0.01).__next__,
            0.3,
            idle,
        )

    def answer(self, role: str, asked: msgspec.Struct) -> msgspec.Struct:
        """A refusal, a fault, a reply of the wrong kind or the right one, by the size of what was asked."""
        self.heard.append((role, asked))
        match len(msgspec.json.encode(asked)) % 4:
            case 0:
                raise Refused("There is no such setting")
            case 1:
                raise KeyError(str(asked))
            case 2:
                return asked
            case _:
                answers = next(b for a, b in CALLS[role].values() if a is type(asked))
                return example(answers)

    def ask(self, role: str, message: bytes) -> list[bytes]:
        """Say this on a role's line (a new one when it was closed), and give what comes back."""
        connection = self._lines.pop(role, None) or self._connected(role)
        try:
            connection.sendall(message)
        except OSError:
            connection.close()
            return []
        replies: list[bytes] = []
        line = framing.Line(connection, 1 << 20)
        for _ in range(message.count(b"\0")):
            try:
                reply = line.receive_bytes()
            except PeerTrouble:
                reply = None
            if reply is None:
                connection.close()
                return replies
            replies.append(reply)
        if message.endswith(b"\0"):
            self._lines[role] = connection
        else:
            connection.close()
        return replies

    def is_left(self, role: str) -> bool:
        """Whether the server hangs up on a caller who says nothing."""
        with self._connected(role) as connection:
            return connection.recv(1) == b""

    def _connected(self, role: str) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(str(Path(self._folder.name) / f"{role}.sock"))
        connection.settimeout(PATIENCE)
        return connection


def example(shape: type[msgspec.Struct]) -> msgspec.Struct:
    """A reply of this kind with the plainest values."""
    plain: dict[type, Any] = {str: "", int: 0, float: 0.0, bool: False, dict: {}, tuple: ()}
    values = {
        field.name: plain[getattr(field.type, "__origin__", field.type)]
        for field in msgspec.structs.fields(shape)
        if field.required
    }
    return shape(**values)


def is_call(untrusted: bytes) -> bool:
    """Whether this has the form of a call, whatever it asks."""
    try:
        msgspec.json.decode(untrusted, type=Call)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


class Calls:
    """`control.Control` over its sockets: the first byte chooses the role, the rest is what that caller says."""

    def __init__(self, parser: ModuleType = control) -> None:
        self._surface = Surface(parser)
        short = Surface(parser, idle=0.01)
        hold(short.is_left("page"), "a caller who says nothing keeps a place for ever")
        short.server.close()

    def __call__(self, untrusted: bytes) -> None:
        role = ROLES[untrusted[0] % len(ROLES)] if untrusted else "page"
        message = untrusted[1:] + (b"" if untrusted[:1] >= b"\x80" else b"\0")
        self._surface.heard.clear()
        replies = self._surface.ask(role, message)
        whole = list(itertools.takewhile(is_call, message.split(b"\0")[:-1]))
        heard = role == TURNED_AWAY or len(replies) == len(whole)
        deep = message.count(b"[") + message.count(b"{") > DEEP  # where the stack ends is not a law
        hold(heard or deep, "a call was left without a reply")
        for said in replies:
            reply = msgspec.json.decode(said, type=Reply, strict=True)
            ours = reply.error in our_sentences()
            hold(ours, "a reply says something that is not in our source")
        for heard, asked in self._surface.heard:
            hold(heard == role != TURNED_AWAY, "a caller was heard who may not come in")
            allowed = [asks for asks, _ in CALLS[role].values()]
            hold(type(asked) in allowed, "a call got through that does not exist for this role")
