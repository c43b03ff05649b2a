"""Servers that are not checked, networks, proxy and the USB cable on the pages: what is asked, what is refused."""

from __future__ import annotations

import pytest

from appliance.wire.asking import Change
from appliance.wire.safekeeping import AskServer, DropServer, ProxyLogin
from appliance.wire.upkeep import AskNetwork
from tests.web.device_page.conftest import ORIGIN, Visitor
from tests.web.device_page.device_double import PLANTED
from tests.web.device_page.test_bad_input import GOOD, HOSTILE


@pytest.mark.parametrize("server", ["login.example.org", "PI:8443"])
def test_a_server_is_only_asked_to_be_left_out(inside: Visitor, server: str) -> None:
    inside.send("/security/servers", server_exceptions=server)
    assert [ask.server for ask in inside.desk.of(AskServer)] == [server.lower()]
    assert inside.desk.of(Change) == []


@pytest.mark.parametrize("server", ["", "a, b", "https://x", "*", *HOSTILE])
def test_what_is_no_server_is_refused_here(inside: Visitor, server: str) -> None:
    answer = inside.send("/security/servers", server_exceptions=server)
    assert (answer.status_code, inside.desk.of(AskServer)) == (400, [])


def test_a_server_that_is_not_checked_stands_on_every_page_that_names_it(inside: Visitor) -> None:
    assert "not checked" not in inside.web.get("/status").text
    inside.device.settings["server_exceptions"] = "portal.example, lab:8443"
    status, accounts = (inside.web.get(path).text for path in ("/status", "/accounts"))
    assert "Not checked, because a hold on the token allowed it: portal.example, lab:8443" in status
    assert status.count("server not checked") == 1
    assert accounts.count("certificate of its server is not checked") == 1
    inside.send("/security/servers/drop", server="lab:8443")
    assert [ask.server for ask in inside.desk.of(DropServer)] == ["lab:8443"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"page_networks": "10.0.0.0/99"}, "A network is written as"),
        ({"page_networks": "x" * 5000}, "too long"),
        ({"page_networks": "203.0.113.0/24"}, "shut out the computer"),
        ({"page_from": "cable"}, "shut out the computer"),
    ],
)
def test_nobody_locks_himself_out_of_the_page(
    inside: Visitor, changed: dict[str, str], sentence: str
) -> None:
    here = {"REMOTE_ADDR": "192.168.1.20"}
    token = inside.token("/security")
    usual = {"page_from": "local", "page_networks": "", "key_size": "3072"}
    data = {"token": token, **usual, **changed}
    answer = inside.web.post("/security", data=data, headers=ORIGIN, environ_base=here)
    assert (answer.status_code, inside.desk.of(Change)) == (400, [])
    assert sentence in answer.text
    data["page_networks"], data["page_from"] = "192.168.0.0/16", "local"
    assert (
        inside.web.post("/security", data=data, headers=ORIGIN, environ_base=here).status_code
        == 303
    )
    assert inside.device.settings["page_networks"] == "192.168.0.0/16"
    outside = {"REMOTE_ADDR": "10.1.1.1"}
    assert inside.web.get("/status", environ_base=outside).status_code == 403


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"proxy": "proxy.example:3128"}, "A proxy is written as"),
        ({"proxy": "ftp://proxy.example:21"}, "A proxy is written as"),
        ({"proxy": "http://jan:PLANTED@proxy.example:3128"}, "Leave the name and the password out"),
        ({"no_proxy": "*.example"}, "A server is written as"),
        ({"proxy_name": "a:b", "proxy_password": "PLANTED"}, "ordinary characters"),
        ({"proxy_name": "a", "proxy_password": "PLANTED\n"}, "ordinary characters"),
        ({"proxy_password": "PLANTED"}, "name that belongs"),
        ({"proxy": "nonsense", "proxy_name": "jan", "proxy_password": "PLANTED"}, "A proxy is"),
    ],
)
def test_a_proxy_that_cannot_be_one_saves_nothing_at_all(
    inside: Visitor, fields: dict[str, str], sentence: str
) -> None:
    answer = inside.send("/network/proxy", **fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert inside.desk.of(Change) == []
    assert inside.desk.of(ProxyLogin) == []
    assert "PLANTED" not in answer.text


def test_a_proxy_and_its_login_are_saved_and_only_the_address_is_shown(inside: Visitor) -> None:
    fields = {"proxy": "http://proxy.example:3128", "no_proxy": "intern.example"}
    inside.send("/network/proxy", **fields, proxy_name="jan", proxy_password=PLANTED[0])
    assert {(ask.key, ask.value) for ask in inside.desk.of(Change)} == set(fields.items())
    (login,) = inside.desk.of(ProxyLogin)
    assert (login.name, login.password) == ("jan", PLANTED[0])
    for path in ("/network", "/status", "/log/diagnosis.zip"):
        text = inside.web.get(path).get_data(as_text=False)
        assert PLANTED[0].encode() not in text
    assert "proxy.example" in inside.web.get("/status").text
    inside.send("/network/proxy", **fields, forget="on")
    assert [ask.name for ask in inside.desk.of(ProxyLogin)] == ["jan", ""]


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "192.0.2.10"},
        {"address": "192.0.2.0/24"},
        {"address": "192.0.2.10/24", "gateway": "198.51.100.1"},
        {"gateway": "192.0.2.1"},
    ],
)
def test_a_fixed_address_that_reaches_nothing_is_refused(
    inside: Visitor, wrong: dict[str, str]
) -> None:
    answer = inside.send("/network", **{**GOOD, **wrong})
    assert (answer.status_code, inside.desk.of(AskNetwork)) == (400, [])
    assert all(value in answer.text for value in wrong.values())


def test_the_cable_offers_to_open_an_empty_token_and_no_other(door: Visitor) -> None:
    door.device.page_open, door.device.accounts = False, []
    cable = {"desk.address": "10.55.0.1", "REMOTE_ADDR": "10.55.0.2"}
    base = {"base_url": "http://10.55.0.1", "environ_overrides": cable}
    shown = door.web.get("/status", **base)
    assert "Set up this token" in shown.text
    headers = {"Origin": "http://10.55.0.1", "Sec-Fetch-Site": "same-origin"}
    data = {"token": door.house.doorman.door_token}
    assert door.web.post("/open", headers=headers, **base).status_code == 403
    opened = door.web.post("/open", data=data, headers=headers, **base)
    assert opened.headers["Location"] == "/enter"
    assert "Code from the token" in door.web.get("/enter", **base).text
    assert door.web.get("/status", **base).status_code == 303


@pytest.mark.parametrize("arrived", ["192.168.1.5", "10.55.1.1", ""])
def test_from_the_network_nothing_opens_by_itself(door: Visitor, arrived: str) -> None:
    door.device.page_open, door.device.accounts = False, []
    data = {"token": door.house.doorman.door_token}
    over = {"desk.address": arrived} if arrived else {}
    base = {"base_url": f"https://{arrived or 'localhost'}", "environ_overrides": over}
    headers = {"Origin": f"https://{arrived or 'localhost'}", "Sec-Fetch-Site": "same-origin"}
    assert door.web.post("/open", data=data, headers=headers, **base).status_code == 403
    assert not door.device.page_open


def test_the_cable_opens_nothing_that_has_an_account(door: Visitor) -> None:
    door.device.page_open = False
    cable = {"desk.address": "10.55.0.1", "REMOTE_ADDR": "10.55.0.2"}
    shown = door.web.get("/status", base_url="http://10.55.0.1", environ_overrides=cable)
    assert "Set up this token" not in shown.text


@pytest.mark.parametrize(
    ("arrived", "scheme", "served"),
    [
        ("10.55.0.1", "http", True),
        ("127.0.0.1", "http", True),
        ("192.168.1.5", "http", False),
        ("192.168.1.5", "https", True),
    ],
)
def test_row_30_without_encryption_only_the_cable_is_served(
    door: Visitor, arrived: str, scheme: str, served: bool
) -> None:
    over = {"desk.address": arrived, "REMOTE_ADDR": "10.55.0.2"}
    answer = door.web.get("/enter", base_url=f"{scheme}://{arrived}", environ_overrides=over)
    assert (answer.status_code == 200) is served
    assert served or "https address" in answer.text
