"""Improv Wi-Fi over serial: packets as any Improv web page sends and reads them. Pure, for both ends.

A packet is `"IMPROV" | 1 | type | length | data | low byte of the sum of all before`, a line feed before and after it.
Source: the Improv serial specification (improv-wifi.com/serial). It carries no authentication: who may use it, and
when, is for whoever calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from appliance.core.errors import DeskTokenError

HEADER = b"IMPROV\x01"
LONGEST_SSID, LONGEST_PASSWORD = 32, 64


class Type(IntEnum):
    """What a packet is."""

    STATE = 1
    ERROR = 2
    RPC = 3
    RESULT = 4


class State(IntEnum):
    """How far the device is."""

    READY = 2
    PROVISIONING = 3
    PROVISIONED = 4


class Error(IntEnum):
    """Why a command was not done."""

    NONE = 0
    BAD_PACKET = 1
    UNKNOWN_COMMAND = 2
    CANNOT_CONNECT = 3
    BAD_HOST_NAME = 5
    UNKNOWN = 0xFF


class Command(IntEnum):
    """What a page may ask."""

    WIFI = 1
    GET_STATE = 2
    INFO = 3
    SCAN = 4
    HOST_NAME = 5
    DEVICE_NAME = 6


class NotImprov(DeskTokenError):
    """A packet whose inside does not fit; `error` is what the other side is told."""

    def __init__(self, error: Error) -> None:
        super().__init__("The Improv packet is not complete")
        self.error = error


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet whose checksum fits. Its data may hold a password: it never prints."""

    type: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One command with its texts: Wi-Fi has name and password, a name command none (get) or one (set)."""

    command: Command
    texts: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """The beginning of a packet that is not complete."""

    begun: bytes = field(default=b"", repr=False)


def pack(type_: Type, data: bytes) -> bytes:
    """The packet as it goes over the line, between its line feeds. Raises ValueError beyond 255 bytes."""
    body = HEADER + bytes((type_, len(data))) + data
    return b"\n" + body + bytes((sum(body) & 0xFF,)) + b"\n"


def state(now: State) -> bytes:
    """How far the device is."""
    return pack(Type.STATE, bytes((now,)))


def error(why: Error) -> bytes:
    """Why the last command was not done; `NONE` clears the one before."""
    return pack(Type.ERROR, bytes((why,)))


def result(command: Command, *texts: str) -> bytes:
    """What a command gives back. Texts that do not fit the packet's 255 bytes are cut at a letter's end."""
    return pack(Type.RESULT, rpc(command, *texts))


def rpc(command: Command, *texts: str) -> bytes:
    """The data of a command or of its result."""
    room, packed = 253, b""
    for text in texts:
        raw = text.encode()[: max(0, room - len(packed) - 1)].decode(errors="ignore").encode()
        packed += bytes((len(raw),)) + raw if len(packed) < room else b""
    return bytes((command, len(packed))) + packed


def feed(pending: Pending, untrusted: bytes) -> tuple[Pending, tuple[Packet, ...]]:
    """Take what came in, in whatever pieces; whole packets come out in order, all else is dropped."""
    rest = pending.begun + untrusted
    found: list[Packet] = []
    while True:
        rest = _from_header(rest)
        size = len(HEADER) + 3 + (rest[len(HEADER) + 1] if len(rest) > len(HEADER) + 1 else 0)
        if len(rest) < size:
            return Pending(rest), tuple(found)
        body = rest[: size - 1]
        whole = rest[size - 1] == sum(body) & 0xFF
        found += [Packet(body[len(HEADER)], body[len(HEADER) + 2 :])] if whole else []
        rest = rest[size if whole else 1 :]


def asked(packet: Packet) -> Asked:
    """The command of an RPC packet. Raises NotImprov with what the other side should be told."""
    data = packet.data
    if packet.type != Type.RPC or len(data) < 2 or data[1] != len(data) - 2:
        raise NotImprov(Error.BAD_PACKET)
    if data[0] not in tuple(Command):
        raise NotImprov(Error.UNKNOWN_COMMAND)
    texts = texts_of(data)
    command = Command(data[0])
    if command is Command.WIFI and not _is_network(texts):
        raise NotImprov(Error.BAD_PACKET)
    return Asked(command, texts)


def texts_of(untrusted: bytes) -> tuple[str, ...]:
    """The texts of a command's or a result's data. Raises NotImprov."""
    return tuple(_texts(untrusted[2:]))


def _is_network(texts: tuple[str, ...]) -> bool:
    if len(texts) != 2:
        return False
    name, password = texts
    return 0 < len(name.encode()) <= LONGEST_SSID and len(password.encode()) <= LONGEST_PASSWORD


def _texts(rest: bytes) -> Iterator[str]:
    while rest:
        text, length = rest[1 : 1 + rest[0]], rest[0]
        if len(text) != length:
            raise NotImprov(Error.BAD_PACKET)
        try:
            yield text.decode()
        except UnicodeDecodeError as wrong:
            raise NotImprov(Error.BAD_PACKET) from wrong
        rest = rest[1 + length :]


def _from_header(rest: bytes) -> bytes:
    at = rest.find(HEADER)
    if at >= 0:
        return rest[at:]
    keep = next((n for n in range(len(HEADER) - 1, 0, -1) if rest.endswith(HEADER[:n])), 0)
    return rest[len(rest) - keep :]
