"""Listening sockets of the bench: this machine only, the wished port when it is free."""

from __future__ import annotations

import socket

from appliance.core.errors import DeskTokenError


class PortTaken(DeskTokenError):
    """Another program listens there."""


def listen(port: int) -> socket.socket:
    """A socket that listens on this port of the loopback; 0 is any free one. Raises PortTaken."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        door.listen(64)
    except OSError as taken:
        door.close()
        raise PortTaken(f"Port {port} is in use by another program") from taken
    return door


def listen_near(port: int) -> tuple[socket.socket, bool]:
    """A socket on this port, or on any free one when it is taken; and whether it is the wished one."""
    try:
        return listen(port), True
    except PortTaken:
        return listen(0), False


def free_port(port: int) -> int:
    """This port when it is free, else any other."""
    door, _ = listen_near(port)
    with door:
        return port_of(door)


def port_of(door: socket.socket) -> int:
    """The port of a bound socket."""
    number: int = door.getsockname()[1]
    return number
