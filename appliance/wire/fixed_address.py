"""A fixed IPv4 address as a person types it, once for the page that asks and the steward that sets it. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from appliance.core.errors import Refused


@dataclass(frozen=True, slots=True)
class FixedAddress:
    """The address with its network, and where the rest of the world is."""

    own: ipaddress.IPv4Interface
    gateway: ipaddress.IPv4Address | None
    resolver: ipaddress.IPv4Address | None


def fixed_address(untrusted_address: str, gateway: str, resolver: str) -> FixedAddress | None:
    """What was typed, None for nothing at all. Raises Refused with a reason a person can act on."""
    if not untrusted_address:
        if gateway or resolver:
            raise Refused("Give the address too, or leave all three empty")
        return None
    try:
        own = ipaddress.IPv4Interface(untrusted_address)
        through = ipaddress.IPv4Address(gateway) if gateway else None
        names = ipaddress.IPv4Address(resolver) if resolver else None
    except ValueError as wrong:
        raise Refused("That is not an address") from wrong
    _fits(own, through, whole="/" in untrusted_address)
    return FixedAddress(own, through, names)


def _fits(
    own: ipaddress.IPv4Interface, gateway: ipaddress.IPv4Address | None, *, whole: bool
) -> None:
    network = own.network
    if not whole or not 8 <= network.prefixlen <= 30:
        raise Refused("Write the address with its prefix, such as 192.0.2.10/24")
    if own.ip in (network.network_address, network.broadcast_address) or own.is_multicast:
        raise Refused("That address belongs to the network, not to a device")
    if own.is_loopback or own.is_unspecified:
        raise Refused("That address belongs to the network, not to a device")
    if gateway is not None and (gateway not in network or gateway == own.ip):
        raise Refused("The gateway is not in the network of this address")
