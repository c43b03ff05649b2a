"""A fixed address is one that a device can have, in a network that reaches its gateway."""

from __future__ import annotations

import pytest

from appliance.core.errors import Refused
from appliance.wire.fixed_address import fixed_address


def test_nothing_typed_means_that_the_network_gives_one() -> None:
    assert fixed_address("", "", "") is None


def test_an_address_with_its_gateway_and_name_server() -> None:
    fixed = fixed_address("192.0.2.10/24", "192.0.2.1", "198.51.100.53")
    assert fixed is not None
    assert (str(fixed.own), str(fixed.gateway)) == ("192.0.2.10/24", "192.0.2.1")
    assert str(fixed.resolver) == "198.51.100.53"
    assert fixed_address("192.0.2.10/24", "", "") is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("", "192.0.2.1", ""), "leave all three empty"),
        (("192.0.2.10", "", ""), "with its prefix"),
        (("192.0.2.10/32", "", ""), "with its prefix"),
        (("192.0.2.10/7", "", ""), "with its prefix"),
        (("192.0.2.0/24", "", ""), "belongs to the network"),
        (("192.0.2.255/24", "", ""), "belongs to the network"),
        (("127.0.0.1/8", "", ""), "belongs to the network"),
        (("224.0.0.5/24", "", ""), "belongs to the network"),
        (("192.0.2.10/24", "192.0.3.1", ""), "gateway is not in the network"),
        (("192.0.2.10/24", "192.0.2.10", ""), "gateway is not in the network"),
        (("192.0.2.999/24", "", ""), "not an address"),
        (("2001:db8::1/64", "", ""), "not an address"),
        (("192.0.2.10/24", "; reboot", ""), "not an address"),
        (("192.0.2.10/24", "", "<b>"), "not an address"),
        (("x" * 5000, "", ""), "not an address"),
    ],
)
def test_what_cannot_be_one_is_refused(typed: tuple[str, str, str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        fixed_address(*typed)
