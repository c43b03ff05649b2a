"""The name at which browsers on the same network find a device: what its mDNS responder announces. Pure."""

from __future__ import annotations


def local_name(host: str) -> str:
    """The announced name of a machine with this host name (RFC 6762 section 3)."""
    return f"{host.partition('.')[0].lower()}.local"
