"""The units as text: each process has the user, the devices and the network of the design, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appliance.authenticator.guards.systemd_creds import NAME

UNITS = Path(__file__).resolve().parents[2] / "systemd"
SERVICES = (
    "authenticator",
    "courier",
    "scanner@",
    "page",
    "console",
    "porter",
    "steward",
    "updater",
)
# the others are gone when their work is done
LASTING = ("authenticator", "courier", "page", "console", "porter", "steward")
Settings = dict[str, list[str]]


def read(name: str) -> Settings:
    """Every key of a unit with its values, in order."""
    settings: Settings = {}
    for line in (UNITS / name).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            settings.setdefault(key, []).append(value)
    return settings


def service(name: str) -> Settings:
    return read(f"desk-token-{name}.service")


SANDBOX = read("desk-token-.service.d/sandbox.conf")


def test_there_is_a_unit_for_each_process_and_no_other() -> None:
    assert {path.name for path in UNITS.glob("desk-token-*.service")} == {
        f"desk-token-{name}.service" for name in SERVICES
    }


@pytest.mark.parametrize("name", SERVICES)
def test_every_process_has_a_user_of_its_own_and_never_root(name: str) -> None:
    users = [service(other)["User"][0] for other in SERVICES]
    assert len(set(users)) == len(SERVICES)
    assert service(name)["User"] == service(name)["Group"]
    assert re.search(
        rf"^u {re.escape(service(name)['User'][0])} ",
        (UNITS / "sysusers.conf").read_text(),
        re.MULTILINE,
    )


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_touches_a_line_of_the_common_walls(name: str) -> None:
    lists = {"Environment", "StartLimitIntervalSec"}
    assert not (set(service(name)) & set(SANDBOX)) - lists


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("AmbientCapabilities", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("ProtectProc", "invisible"),
        ("MemoryDenyWriteExecute", "yes"),
        ("DevicePolicy", "closed"),
        ("LimitCORE", "0"),
        ("MemorySwapMax", "0"),
        ("UMask", "0077"),
    ],
)
def test_the_common_walls_stand(key: str, value: str) -> None:
    assert SANDBOX[key] == [value]


@pytest.mark.parametrize(
    ("name", "devices"),
    [
        (
            "authenticator",
            {"char-gpiochip rw", "char-i2c rw", "char-spi rw", "/dev/tpmrm0 rw", "/dev/vcio rw"},
        ),
        ("scanner@", {"char-video4linux rw", "char-media rw", "char-dma_heap rw"}),
        ("console", {"/dev/desk-token-console rw"}),
        ("courier", set()),
        ("page", set()),
        ("porter", set()),
        ("steward", set()),
        ("updater", set()),
    ],
)
def test_each_process_has_its_devices_and_no_other(name: str, devices: set[str]) -> None:
    assert set(service(name).get("DeviceAllow", [])) == devices


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "courier"])
def test_only_the_courier_has_a_network(name: str) -> None:
    assert service(name)["PrivateNetwork"] == ["yes"]
    assert service(name)["IPAddressDeny"] == ["any"]
    assert service(name)["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert "PrivateNetwork" not in service("courier")


def test_only_authenticator_porter_and_updater_keep_anything() -> None:
    keepers = [name for name in SERVICES if "StateDirectory" in service(name)]
    assert keepers == ["authenticator", "porter", "updater"]
    for name in keepers:
        assert service(name)["StateDirectoryMode"] == ["0700"]


def test_row_30_the_network_reaches_one_port_and_plain_http_is_for_the_cable() -> None:
    ports = {path.name: read(path.name)["ListenStream"] for path in UNITS.glob("*.socket")}
    open_to_all = {name: at for name, all_at in ports.items() for at in all_at if at.isdecimal()}
    assert open_to_all == {"desk-token-porter.socket": "443"}
    assert ports["desk-token-page.socket"] == ["/run/desk-token/page.sock", "10.55.0.1:80"]


def test_only_the_authenticator_may_ask_for_a_scan() -> None:
    scanner = read("desk-token-scanner.socket")
    assert (scanner["SocketUser"], scanner["SocketMode"]) == (
        service("authenticator")["User"],
        ["0600"],
    )


def test_the_scanner_cannot_come_near_the_control_sockets() -> None:
    members = re.findall(
        r"^m (\S+)\s+desk-token$", (UNITS / "sysusers.conf").read_text(), re.MULTILINE
    )
    callers = ("net", "page", "console", "porter", "steward", "updater")
    assert set(members) == {f"desk-token-{caller}" for caller in callers}


def test_only_the_updater_may_write_the_software() -> None:
    writers = {
        name: service(name)["ReadWritePaths"]
        for name in SERVICES
        if "ReadWritePaths" in service(name)
    }
    assert writers == {"updater": ["/opt/desk-token"]}


def test_the_guard_stands_outside_the_slots_and_comes_first() -> None:
    before = service("updater")["ExecStartPre"][0].split()
    assert before[:2] == ["/usr/bin/python3", "-I"]
    assert not before[2].startswith("/opt/desk-token")


def test_every_process_runs_from_the_current_slot() -> None:
    programs = {service(name)["ExecStart"][0].split()[0] for name in SERVICES}
    assert programs == {"/opt/desk-token/current/bin/python"}


def test_only_the_authenticator_may_ring_for_the_updater() -> None:
    bell = read("desk-token-updater.socket")
    assert (bell["SocketUser"], bell["SocketMode"]) == (service("authenticator")["User"], ["0600"])


def test_the_sealed_secret_is_passed_to_the_authenticator_alone() -> None:
    """`SystemdCredential` reads it by this name; under the unit's own user nobody else could open it."""
    assert service("authenticator")["LoadCredentialEncrypted"] == [NAME]
    others = [name for name in SERVICES if name != "authenticator"]
    assert not [name for name in others if "LoadCredentialEncrypted" in service(name)]


def test_the_pin_library_has_a_folder_to_write_in() -> None:
    unit = service("authenticator")
    assert unit["WorkingDirectory"] == ["/run/desk-token/pins"]
    assert "LG_WD=/run/desk-token/pins" in unit["Environment"][0]
    assert "desk-token/pins" in unit["RuntimeDirectory"][0].split()


@pytest.mark.parametrize("name", ["authenticator", "courier", "page", "console"])
def test_a_refused_configuration_does_not_restart_for_ever(name: str) -> None:
    assert service(name)["RestartPreventExitStatus"] == ["78"]
    assert SANDBOX["StartLimitBurst"] == ["10"]


def test_the_cable_is_made_by_root_without_any_of_roots_powers() -> None:
    cable = read("usb-desk-token.service")
    assert cable["CapabilityBoundingSet"] == [""]
    assert cable["ReadWritePaths"] == ["/sys/kernel/config"]
    assert cable["PrivateNetwork"] == ["yes"]


@pytest.mark.parametrize("name", LASTING)
def test_a_process_that_hangs_is_started_again(name: str) -> None:
    assert service(name)["WatchdogSec"]
    assert service(name)["Restart"][0] in ("always", "on-failure")


@pytest.mark.parametrize("name", SERVICES)
def test_only_those_who_give_it_orders_reach_the_system_bus(name: str) -> None:
    reaches = "-/run/dbus" not in service(name).get("InaccessiblePaths", [])
    assert reaches == (name in ("steward", "updater"))


def test_a_socket_has_the_service_that_answers_it() -> None:
    for path in UNITS.glob("*.socket"):
        accepts = "Accept=yes" in path.read_text()
        assert (UNITS / f"{path.stem}{'@' if accepts else ''}.service").is_file()
