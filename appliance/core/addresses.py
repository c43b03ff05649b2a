"""What settings say about servers and networks: a proxy, names that go without it, source networks, excepted servers.

Each reader gives the one form in which it is stored, or refuses and says what would fit. A name or password in a
proxy's address is refused without being repeated: it has a place of its own. Sources: RFC 1123 §2.1, RFC 3986.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from appliance.core.errors import Refused

LONGEST, MOST = 512, 16
PROXY = re.compile(r"https?://(?P<host>[a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\]):(?P<port>[0-9]{1,5})")
NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
SERVER = re.compile(r"(?P<name>[^:]+)(:(?P<port>[0-9]{1,5}))?")


def proxy(untrusted_text: str) -> str:
    """A proxy as http(s)://host:port, or nothing. Raises Refused."""
    text = untrusted_text.strip().rstrip("/").lower()
    if not text:
        return ""
    if "@" in text:
        raise Refused("Leave the name and the password out of the address")
    found = PROXY.fullmatch(text)
    if found is None or not _is_host(found["host"].strip("[]")) or not _is_port(found["port"]):
        raise Refused("A proxy is written as http://name:port")
    return text


def hosts(untrusted_text: str) -> str:
    """Names and addresses, each with everything below it. Raises Refused."""
    return _listed(
        untrusted_text.lower(), _host, Refused("A server is written as a name or an address")
    )


def servers(untrusted_text: str) -> str:
    """Servers by name, with a port if it is an unusual one. Raises Refused."""
    return _listed(
        untrusted_text.lower(), _server, Refused("A server is written as name or name:port")
    )


def networks(untrusted_text: str) -> str:
    """Networks by address and prefix. Raises Refused."""
    return _listed(untrusted_text, _network, Refused("A network is written as 192.0.2.0/24"))


def _listed(untrusted_text: str, one: Callable[[str], str], unfit: Refused) -> str:
    parts = re.split(r"[\s,;]+", untrusted_text.strip(" ,;\t\r\n"))
    if len(untrusted_text) > LONGEST or len(parts) > MOST:
        raise Refused("That list is too long")
    try:
        return ", ".join(dict.fromkeys(one(part) for part in parts if part))
    except ValueError as wrong:
        raise unfit from wrong


def _host(part: str) -> str:
    if not _is_host(part):
        raise ValueError
    return part


def _server(part: str) -> str:
    found = SERVER.fullmatch(part)
    if found is None or not _is_host(found["name"]):
        raise ValueError
    if found["port"] and not _is_port(found["port"]):
        raise ValueError
    return part.removesuffix(":443")


def _network(part: str) -> str:
    return str(ipaddress.ip_network(part, strict=False))


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(NAME.fullmatch(text)) and not text.rpartition(".")[2].isdigit()
    return True


def _is_port(text: str) -> bool:
    return 1 <= int(text) <= 65535
