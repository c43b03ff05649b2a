"""The steward with Debian's own NetworkManager: what it stores, and what the kernel then has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.steward.bus import Bus, BusTrouble
from appliance.steward.networks import Networks
from appliance.steward.profile import profile
from appliance.wire.upkeep import Wireless
from tests.hardware.bodies import soon
from tests.steward.mock_bus import saved
from tests.steward.real_network_manager import addresses, network_manager, routes, why_not

pytestmark = [
    pytest.mark.xdist_group("network-manager"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]
FIXED = Wireless("", "", address="192.0.2.10/24", gateway="192.0.2.1", resolver="192.0.2.53")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with network_manager(tmp_path_factory.mktemp("manager") / "nm") as running:
        yield running


@pytest.fixture
def line(real: tuple[str, int]) -> Iterator[Bus]:
    opened = Bus(real[0])
    yield opened
    opened.close()


def test_a_fixed_address_is_the_kernels_own_and_the_next_one_replaces_it(
    real: tuple[str, int], line: Bus
) -> None:
    networks = Networks(line)
    networks.join(FIXED)
    assert soon(lambda: "192.0.2.10/24" in addresses(real[1]))
    assert soon(lambda: "default via 192.0.2.1" in routes(real[1]))
    assert soon(lambda: networks.state().addresses == ("192.0.2.10/24",))
    assert networks.state().kind == "cable"
    networks.join(Wireless("", "", address="192.0.2.77/24", gateway="192.0.2.1"))
    assert soon(lambda: "192.0.2.77/24" in addresses(real[1]))
    assert soon(lambda: "192.0.2.10/24" not in addresses(real[1]))
    ours = [kept for kept in saved(real[0]) if kept["connection"]["id"][1] == "desk-token"]
    assert [kept["ipv4"]["method"][1] for kept in ours] == ["manual"]


def test_without_a_radio_a_wish_for_wifi_changes_nothing(real: tuple[str, int], line: Bus) -> None:
    before = saved(real[0])
    for attempt in (lambda: Networks(line).search(), lambda: Networks(line).join(WIFI)):
        with pytest.raises(BusTrouble, match="no Wi-Fi"):
            attempt()
    assert saved(real[0]) == before


WIFI = Wireless("Stations \"wifi'", "NL", "een-lang-wachtwoord", "192.0.2.9/24", hidden=True)


@pytest.mark.parametrize(
    "wish", [WIFI, Wireless("Gasten", "NL"), Wireless("é" * 16, "00", "x" * 63)]
)
def test_a_wifi_profile_of_ours_is_one_that_networkmanager_takes(
    real: tuple[str, int], line: Bus, wish: Wireless
) -> None:
    Networks(line)._added(profile(wish))
    names = [kept.get("802-11-wireless", {}).get("ssid", ("ay", b""))[1] for kept in saved(real[0])]
    assert wish.ssid.encode() in names


def test_the_password_of_a_network_is_kept_from_whoever_only_asks(
    real: tuple[str, int], line: Bus
) -> None:
    Networks(line)._added(profile(WIFI))
    assert "een-lang-wachtwoord" not in repr(saved(real[0]))
