"""Proxies, servers and networks as settings: one form is stored, anything else is refused and never repeated."""

from __future__ import annotations

import ipaddress

import pytest

from appliance.core.errors import Refused
from appliance.core.settings import Settings, change, excepted, items, within, written


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("proxy", "", ""),
        ("proxy", " HTTP://Proxy.Example.org:3128/ ", "http://proxy.example.org:3128"),
        ("proxy", "https://192.0.2.7:443", "https://192.0.2.7:443"),
        ("proxy", "http://[2001:db8::7]:8080", "http://[2001:db8::7]:8080"),
        ("no_proxy", "intern.example.org; 192.0.2.1  intern.example.org", "intern.example.org, 192.0.2.1"),
        ("server_exceptions", "PI.spoor.example:443, pi:8443", "pi.spoor.example, pi:8443"),
        ("page_networks", "192.0.2.10/24, 2001:db8::/32", "192.0.2.0/24, 2001:db8::/32"),
        ("page_networks", " , ", ""),
    ],
)  # fmt: skip
def test_what_fits_is_stored_in_one_form(key: str, typed: str, stored: str) -> None:
    changed = change(Settings(), key, typed)
    assert written(getattr(changed, key)) == stored
    assert change(changed, key, stored) == changed


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        *(("proxy", bad) for bad in (
            "proxy.example.org:3128", "socks5://proxy:1080", "http://proxy", "http://proxy:0",
            "http://proxy:99999", "http://-x:80", "http://a b:80", "http://1.2.3:80",
            "http://proxy:80/path", "http://[::zz]:80", "file:///etc/passwd", "x" * 5000,
        )),
        *(("no_proxy", bad) for bad in ("*", "http://x", "a_b", "x" * 600, "a " * 17, "<b>")),
        *(("server_exceptions", bad) for bad in ("*.example.org", "a:0", "a:b", "a:1:2", "\u202ea")),
        *(("page_networks", bad) for bad in ("300.0.0.0/8", "10.0.0.0/33", "all", "10/8/8")),
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_being_repeated(key: str, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        change(Settings(), key, typed)
    assert typed not in str(refused.value)


def test_a_password_in_the_address_of_a_proxy_is_refused_and_never_said() -> None:
    with pytest.raises(Refused, match="Leave the name and the password out") as refused:
        change(Settings(), "proxy", "http://jan:PLANTED@proxy.example.org:3128")
    assert "PLANTED" not in str(refused.value).upper()


def test_a_server_is_excepted_by_its_whole_name_and_port() -> None:
    listed = change(Settings(), "server_exceptions", "pi.spoor.example, lab:8443")
    assert excepted(listed, "PI.spoor.example")
    assert excepted(listed, "lab", 8443)
    for host, port in (("spoor.example", 443), ("x.pi.spoor.example", 443), ("lab", 443)):
        assert not excepted(listed, host, port)
    assert not excepted(listed, "pi.spoor.example", 8443)
    assert "spoor" not in listed.server_exceptions
    assert not excepted(Settings(), "")


def test_an_address_is_within_a_listed_network() -> None:
    listed = "192.0.2.0/24, 2001:db8::/32"
    assert items(listed) == ("192.0.2.0/24", "2001:db8::/32")
    assert within(listed, ipaddress.ip_address("192.0.2.9"))
    assert within(listed, ipaddress.ip_address("2001:db8::9"))
    assert not within(listed, ipaddress.ip_address("192.0.3.9"))
    assert not within("", ipaddress.ip_address("192.0.2.9"))
