"""The clock goes by timedated's own order, and the radio's country by wpa_supplicant: both on a bus of their own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jeepney import DBusAddress

from appliance.steward.bus import Bus
from appliance.steward.orders import SUPPLICANT, SYNC, TIME, Steward
from appliance.wire.call import Done
from appliance.wire.client import ControlClient
from appliance.wire.upkeep import NetworkState, Order, OrderDone, OrderList, Report, Wireless
from tests.courier.control_double import ControlDouble
from tests.hardware.bodies import soon
from tests.steward.mock_bus import bus, wifi

CLOCK = DBusAddress(TIME.object_path, TIME.bus_name, "org.freedesktop.DBus.Mock")
NAMES = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
ROOT = DBusAddress("/fi/w1/wpa_supplicant1", SUPPLICANT, SUPPLICANT)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with bus(tmp_path / "bus", "networkmanager", "timedated") as found:
        wifi(found, ("Stationswifi", 70, True))
        yield found


@contextmanager
def on_the_bus(address: str, name: str, *command: str) -> Iterator[Bus]:
    """This program on the bus, ready when its name is there."""
    process = subprocess.Popen(
        command,
        env={"PATH": "/usr/sbin:/usr/bin", "DBUS_SYSTEM_BUS_ADDRESS": address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    line = Bus(address)
    try:
        assert soon(lambda: line.call(NAMES, "NameHasOwner", "s", name)[0])
        yield line
    finally:
        line.close()
        process.terminate()
        process.wait(20)


def done(address: str, folder: Path, *orders: Order) -> tuple[list[str], NetworkState]:
    """What the steward said of these orders, and its last report."""
    left = list(orders)
    answers = {
        "NextOrder": lambda _: OrderList((left.pop(0),) if left else ()),
        "OrderDone": lambda _: Done(),
        "Report": lambda _: Done(),
    }
    desk = ControlDouble(folder / "steward.sock", "steward", answers)
    client, line = ControlClient(desk.path, "steward"), Bus(address)
    steward = Steward(line, client)
    for _ in orders:
        steward.turn()
    told = [one.trouble for one in desk.of(OrderDone)]
    state = desk.of(Report)[-1].network
    for each in (client, desk, line):
        each.close()
    return told, state


def test_the_clock_is_set_by_hand_while_the_network_rests(address: str, tmp_path: Path) -> None:
    assert done(address, tmp_path, Order("c", "clock", wall=1_795_410_000.5))[0] == [""]
    line = Bus(address)
    calls = [
        (name, [value for _, value in args]) for _, name, args in line.call(CLOCK, "GetCalls")[0]
    ]
    line.close()
    assert calls == [
        ("SetNTP", [False, False]),
        ("SetTime", [1_795_410_000_500_000, False, False]),
        ("SetNTP", [True, False]),
    ]


def test_the_server_that_sets_the_clock_is_reported(address: str, tmp_path: Path) -> None:
    mock = ("/usr/bin/python3", "-m", "dbusmock", SYNC.bus_name, SYNC.object_path, SYNC.interface)
    assert done(address, tmp_path)[1].time_server == ""
    with on_the_bus(address, SYNC.bus_name, *mock, "--system") as line:
        at = DBusAddress(SYNC.object_path, SYNC.bus_name, "org.freedesktop.DBus.Mock")
        name = ("s", "ntp.example.org")
        line.call(at, "AddProperty", "ssv", SYNC.interface, "ServerName", name)
        assert done(address, tmp_path)[1].time_server == "ntp.example.org"


@pytest.mark.skipif(
    shutil.which("wpa_supplicant", path="/usr/sbin:/usr/bin") is None,
    reason="wpa_supplicant is not installed",
)
def test_a_real_wpa_supplicant_hears_the_country(address: str, tmp_path: Path) -> None:
    with on_the_bus(address, SUPPLICANT, "wpa_supplicant", "-u") as line:
        settings = {"Ifname": ("s", "lo"), "Driver": ("s", "none")}
        (made,) = line.call(ROOT, "CreateInterface", "a{sv}", settings)
        radio = DBusAddress(made, SUPPLICANT, f"{SUPPLICANT}.Interface")
        join = Order("n", "network", Wireless("Stationswifi", "NL", "een-lang-wachtwoord"))
        assert done(address, tmp_path, join)[0] == [""]
        assert line.get(radio, "Country") == "NL"
        scanned = Order("s", "network", Wireless("Stationswifi", "00", "een-lang-wachtwoord"))
        assert done(address, tmp_path, scanned)[0] == [""]
        assert line.get(radio, "Country") == "NL"
