"""Which origins, hosts and paths the portal believes. Everything that a browser claims about itself is judged here.

Sources: checklist rows 25 and 26; ASVS 5.0 section 3.5.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from appliance.core.errors import Refused

_ORIGIN = re.compile(r"https?://[a-z0-9.\-]{1,253}(:[0-9]{1,5})?", re.ASCII)
_PATH = re.compile(r"/([A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*)?(\?[A-Za-z0-9_\-=&%.+]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """The portal's own address, and every spelling of it that may stand in Host and Origin headers."""

    url: str
    hosts: frozenset[str]

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by https."""
        return self.url.startswith("https:")

    @property
    def origins(self) -> frozenset[str]:
        """Every value of an Origin header that is the portal's own."""
        scheme = self.url.partition(":")[0]
        return frozenset(f"{scheme}://{host}" for host in self.hosts)


def is_loopback(host: str) -> bool:
    """Whether this host name or address never leaves the machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> Origin:
    """The portal's origin. Raises Refused for anything but https, or http on the loopback."""
    if _ORIGIN.fullmatch(url) is None:
        raise Refused("The origin must look like https://sign-in.example.org")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http" and not is_loopback(host):
        raise Refused("The origin must be https; plain http is only for the loopback address")
    number = _port(parts)
    port = f":{number}" if number else ""
    names = {host, "localhost", "127.0.0.1"} if parts.scheme == "http" else {host}
    return Origin(url, frozenset(f"{name}{port}" for name in names))


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as wrong:
        raise Refused("The origin must look like https://sign-in.example.org") from wrong


def relying_party(ours: Origin) -> str:
    """The name that passkeys are bound to: our host, or `localhost` for a portal on its own machine."""
    host = urlsplit(ours.url).hostname or ""
    return "localhost" if is_loopback(host) else host


def own_post(ours: Origin, origin_header: str | None, fetch_site: str | None) -> bool:
    """Whether a POST came from one of our own pages.

    Pages that send no referrer make a browser write `Origin: null`; then only its own word `same-origin` counts.
    """
    if origin_header not in {None, "null"}:
        return origin_header in ours.origins and fetch_site in {None, "same-origin"}
    return fetch_site == "same-origin"


def local_path(untrusted: str) -> str:
    """A path of ours with its query, or `/` for everything else: never another site (open redirect)."""
    return untrusted if len(untrusted) < 250 and _PATH.fullmatch(untrusted) else "/"


def named_places(untrusted: list[str]) -> tuple[tuple[str, str], ...]:
    """Networks and the names of their places, from `NETWORK=NAME`. Raises Refused."""
    pairs = [(network, name.strip()) for network, _, name in (x.partition("=") for x in untrusted)]
    for network, name in pairs:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as wrong:
            raise Refused("A place is written as 10.1.0.0/16=Name of the place") from wrong
        if not name:
            raise Refused("A place is written as 10.1.0.0/16=Name of the place")
    return tuple(pairs)


def place_of(source: str, places: tuple[tuple[str, str], ...]) -> str:
    """Where an address is, in the words of the configuration (network, name); else the address itself."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return ""
    for network, name in places:
        if address in ipaddress.ip_network(network, strict=False):
            return name
    return source
