"""From where the page may be used: a setting, and the cable of the USB link, which is always one of them.

Pure: addresses in, yes or no out. Source: checklist row 30.
"""

from __future__ import annotations

import ipaddress

from appliance.core.settings import within

CABLE = ipaddress.ip_network("10.55.0.0/24")  # systemd/desk-token-page.socket


def is_cable(untrusted_address: str) -> bool:
    """Whether this address of the device is the one on its USB link."""
    address = _address(untrusted_address)
    return address is not None and address in CABLE


def is_here(untrusted_address: str) -> bool:
    """Whether this address is this very machine."""
    address = _address(untrusted_address)
    return address is not None and address.is_loopback


def comes_from(untrusted_address: str, allowed: str, networks: str = "", arrived: str = "") -> bool:
    """Whether the page may be used from this address, when that is `allowed` from `all`, `local` or `cable`.

    `local` is every private network, `cable` the other end of a cable alone (link-local, or the USB link when the
    browser `arrived` there). Listed `networks` narrow that further; a cable stays open, so that nobody is locked out.
    """
    address = _address(untrusted_address)
    if address is None:
        return False
    if address.is_loopback or address.is_link_local or (is_cable(arrived) and address in CABLE):
        return True
    if networks and not within(networks, address):
        return False
    return allowed == "all" or (allowed == "local" and address.is_private)


def _address(untrusted: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(untrusted.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
