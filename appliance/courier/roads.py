"""Which way exchanges go: directly or through the owner's proxy, as the authenticator says.

Names that go without the proxy go with everything below them; this very machine is always reached directly. A login
for the proxy lives in the clients' memory and is never logged.
"""

from __future__ import annotations

import ssl
from threading import Lock

import httpx

from appliance.courier.exchange import new_client
from appliance.wire.safekeeping import Way

HERE = ("localhost", "127.0.0.1", "[::1]")


class Roads:
    """The way of the moment. One thread changes it, the others ask for clients."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._trust = trust
        self._lock = Lock()
        self._way = Way()
        self._shared = new_client(trust)

    def take(self, way: Way) -> None:
        """Go this way from now on; an exchange under way ends as it began."""
        with self._lock:
            self._way = way
            self._shared = client_for(self._trust, way)

    def shared(self) -> httpx.Client:
        """The client of all errands."""
        with self._lock:
            return self._shared

    def own(self) -> httpx.Client:
        """A client of one's own."""
        with self._lock:
            return client_for(self._trust, self._way)


def client_for(trust: ssl.SSLContext, way: Way) -> httpx.Client:
    """A client that goes this way."""
    if not way.proxy:
        return new_client(trust)
    login = (way.name, way.password) if way.name else None
    safe = trust if way.proxy.startswith("https:") else None
    proxy = httpx.Proxy(way.proxy, auth=login, ssl_context=safe)
    return new_client(
        trust, proxy, tuple(f"all://{_pattern(name)}" for name in (*HERE, *way.without))
    )


def _pattern(name: str) -> str:
    """A name for httpx's patterns: an address as it is, a name with everything below it."""
    if name.startswith("[") or name.replace(".", "").isdigit():
        return name
    return f"[{name}]" if ":" in name else f"*{name}"
