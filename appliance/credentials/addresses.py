"""Which addresses from outside may be used at all: https anywhere, plain http only to this very machine (the demo)."""

from __future__ import annotations

import re

LOOPBACK = re.compile(r"localhost|127\.0\.0\.1", re.ASCII)  # as the courier, which must go there
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.\-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~/\-]{0,512})?",
    re.ASCII,
)


def is_safe_origin(scheme: str, host: str) -> bool:
    """Whether a server may live there."""
    return scheme == "https" or LOOPBACK.fullmatch(host) is not None


def is_safe_address(untrusted: str) -> bool:
    """Whether this is a plain address, without query or fragment, of a server that may be used."""
    found = ADDRESS.fullmatch(untrusted)
    if found is None or not is_safe_origin(found["scheme"], found["host"]):
        return False
    return found["port"] is None or 1 <= int(found["port"]) <= 65535


def host_of(address: str) -> str:
    """The host of an address that was found safe, with its port if it has one."""
    return address.split("/")[2]


def place_of(address: str) -> tuple[str, int]:
    """Name and port of an address that was found safe."""
    name, _, port = host_of(address).partition(":")
    return name, int(port or 443)
