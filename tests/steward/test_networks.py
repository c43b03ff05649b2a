"""The steward on a real bus with python-dbusmock's NetworkManager and logind: what it says, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress

from appliance.steward.bus import Bus, BusTrouble
from appliance.steward.networks import Networks, printable
from appliance.steward.orders import TIME, Steward
from appliance.steward.profile import profile
from appliance.wire.call import Done
from appliance.wire.client import ControlClient
from appliance.wire.upkeep import NextOrder, Order, OrderDone, OrderList, Report, Wireless
from tests.courier.control_double import ControlDouble
from tests.steward.mock_bus import LOGIN, MANAGER_ROOT, TIME_MOCK, bus, saved, wifi

JOIN = Wireless("Stationswifi", "NL", "een-lang-wachtwoord")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with bus(tmp_path_factory.mktemp("bus"), "networkmanager", "logind", "timedated") as found:
        wifi(found, ("Stationswifi", 70, True), ("Stationswifi", 40, True), ("Gasten", 30, False))
        yield found


@pytest.fixture
def line(address: str) -> Iterator[Bus]:
    opened = Bus(address)
    yield opened
    opened.close()


def test_each_network_is_named_once_by_its_strongest_point(line: Bus) -> None:
    nearby = Networks(line).state().nearby
    assert [(n.ssid, n.signal, n.secured) for n in nearby] == [
        ("Stationswifi", 70, True),
        ("Gasten", 30, False),
    ]


def test_another_network_replaces_ours_and_no_other(line: Bus, address: str) -> None:
    foreign = {"connection": {"id": ("s", "kabel"), "type": ("s", "802-3-ethernet")}}
    Networks(line)._added(foreign)
    Networks(line).join(JOIN)
    Networks(line).join(Wireless("Gasten", "NL", "", "192.0.2.10/24", "192.0.2.1", "192.0.2.53"))
    found = {kept["connection"]["id"][1]: kept for kept in saved(address)}
    assert sorted(kept["connection"]["id"][1] for kept in saved(address)) == ["desk-token", "kabel"]
    ours = found["desk-token"]
    assert ours["802-11-wireless"]["ssid"][1] == b"Gasten"
    assert ours["ipv4"]["method"][1] == "manual"
    assert "802-11-wireless-security" not in ours


def test_a_scanned_network_names_no_country_and_may_be_hidden() -> None:
    made = profile(Wireless("Thuis", "00", "een-wachtwoord", hidden=True))
    assert made["802-11-wireless"]["hidden"] == ("b", True)
    assert "hidden" not in profile(JOIN)["802-11-wireless"]


def test_a_search_reaches_the_radio(line: Bus) -> None:
    radio = DBusAddress(
        line.call(MANAGER_ROOT, "GetDevices")[0][0],
        "org.freedesktop.NetworkManager",
        "org.freedesktop.DBus.Mock",
    )
    before = len(line.call(radio, "GetMethodCalls", "s", "RequestScan")[0])
    Networks(line).search(0.3)
    assert len(line.call(radio, "GetMethodCalls", "s", "RequestScan")[0]) == before + 1


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wireless("x" * 5000, "NL"), "at most 32"),
        (Wireless("é" * 17, "NL"), "at most 32"),
        (Wireless("Station", ""), "country"),
        (Wireless("Station", "nl"), "country"),
        (Wireless("Station", "NL", "short"), "8 to 63"),
        (Wireless("Station", "NL", "x" * 64), "8 to 63"),
        (Wireless("Station", "NL", "", "192.0.2.999/24"), "not an address"),
        (Wireless("Station", "NL", "", "192.0.2.1/24", "<b>"), "not an address"),
    ],
)
def test_what_cannot_be_a_network_is_refused_before_the_bus(wish: Wireless, reason: str) -> None:
    with pytest.raises(BusTrouble, match=reason):
        profile(wish)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"<b>Wifi'\"", "<b>Wifi'\""),
        (b"a\x00b\x1b[2J\n", "ab[2J"),
        ("\u202eifiW".encode(), "ifiW"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"x" * 5000, "x" * 32),
    ],
)
def test_a_name_from_the_air_is_made_printable(raw: bytes, shown: str) -> None:
    assert printable(raw) == shown


def test_an_order_is_done_and_said_and_the_network_is_reported(line: Bus, tmp_path: Path) -> None:
    orders = [
        Order("w1", "network", JOIN),
        Order("w2", "network", Wireless("Station", "")),
        Order("w3", "restart"),
        Order("w4", "what"),
    ]
    answers = {
        "NextOrder": lambda _: OrderList((orders.pop(0),) if orders else ()),
        "OrderDone": lambda _: Done(),
        "Report": lambda _: Done(),
    }
    desk = ControlDouble(tmp_path / "steward.sock", "steward", answers)
    client = ControlClient(desk.path, "steward")
    steward = Steward(line, client)
    for _ in range(4):
        steward.turn()
    done = [(told.id, told.trouble) for told in desk.of(OrderDone)]
    assert done == [
        ("w1", ""),
        ("w2", "Choose the country first"),
        ("w3", ""),
        ("w4", "There is no such call"),
    ]
    calls = line.call(LOGIN, "GetMethodCalls", "s", "Reboot")[0]
    assert len(calls) == 1
    assert desk.of(Report)[-1].network.nearby
    assert len(desk.of(NextOrder)) == 4
    client.close()
    desk.close()


def test_a_reset_forgets_the_networks_of_the_life_before_and_no_other(
    line: Bus, address: str, tmp_path: Path
) -> None:
    """Checklist row 36: names and passwords of networks go too, whenever the steward next hears of the new life."""
    Networks(line)._added({"connection": {"id": ("s", "kantoor"), "type": ("s", "802-3-ethernet")}})
    Networks(line).join(JOIN, "life one")
    lives = ["", "life one", "", "life two", "life two"]
    answers = {
        "NextOrder": lambda _: OrderList((), lives.pop(0)),
        "Report": lambda _: Done(),
    }
    desk = ControlDouble(tmp_path / "steward.sock", "steward", answers)
    client = ControlClient(desk.path, "steward")
    steward, ours = Steward(line, client), []
    for _ in range(5):
        steward.turn()
        stored = [kept["connection"]["id"][1] for kept in saved(address)]
        assert "kantoor" in stored
        ours.append(stored.count("desk-token"))
    assert ours == [1, 1, 1, 0, 0]
    client.close()
    desk.close()


def test_the_clock_is_set_while_the_networks_time_rests(line: Bus) -> None:
    """The system refuses to set a clock that it synchronises by itself."""
    desk = Noted()
    steward = Steward(line, desk)
    before = calls_of_time(line)
    assert steward._done(Order("c1", "clock", wall=1.9e9)) == ""
    made = calls_of_time(line)[len(before) :]
    assert made == [
        ("SetNTP", False),
        ("SetTime", 1_900_000_000_000_000),
        ("SetNTP", True),
    ]


def test_a_steward_that_was_cut_switches_the_networks_time_on_again(line: Bus) -> None:
    line.call(TIME, "SetNTP", "bb", False, False)
    Steward(line, Noted())
    assert calls_of_time(line)[-1] == ("SetNTP", True)
    assert line.get(TIME, "NTP")


def calls_of_time(line: Bus) -> list[tuple[str, object]]:
    """What was asked of the clock's service so far, each with its first value."""
    found = line.call(TIME_MOCK, "GetCalls")[0]
    return [(name, values[0][1]) for _, name, values in found if name in ("SetNTP", "SetTime")]


class Noted:
    """An authenticator that says yes to everything."""

    def call(self, _asked: object, _shape: object, _wait: float = 0.0) -> Any:  # noqa: ANN401 - as the client
        return Done()


def test_without_a_bus_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BusTrouble, match="no system bus"):
        Bus(f"unix:path={tmp_path / 'nowhere'}")
