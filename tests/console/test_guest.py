"""Any Improv page can give an open device its Wi-Fi; a sealed device does not speak Improv at all."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.console.guest import JOIN_SECONDS, Guest
from appliance.console.line import Line
from appliance.core.errors import PeerTrouble, Refused
from appliance.wire import improv
from appliance.wire.call import Done
from appliance.wire.improv import Command, Error, State, Type
from appliance.wire.service import Join, Ordered, Service
from appliance.wire.upkeep import AskSearch, Nearby, Network, NetworkState
from tests.console.provided import device

WIFI = improv.pack(Type.RPC, improv.rpc(Command.WIFI, "Stationswifi", "PLANTED-wachtwoord"))
PAGE = "https://dt-1.local"


class Desk:
    """An authenticator with a steward; `network` and `orders` are what the test wants them to be."""

    def __init__(self) -> None:
        self.service = device()
        self.network = NetworkState(steward=True, country="NL")
        self.trouble: Exception | None = None
        self.heard: list[Any] = []

    def call(self, ask: object, _reply: type, _extra: float = 0.0) -> Any:  # noqa: ANN401
        self.heard.append(ask)
        match ask:
            case _ if self.trouble:
                raise self.trouble
            case Service():
                return self.service
            case Network():
                return self.network
            case Join():
                return Ordered("o1")
            case AskSearch():
                return Done()

    def ended(self, how: str, *, connected: bool = True) -> None:
        self.service = device(orders={"o1": how})
        self.network = NetworkState(steward=True, connected=connected, ssid="Stationswifi")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def line(desk: Desk) -> Line:
    return Line(desk, Guest(desk, "dt-1"))


def told(said: bytes) -> list[tuple[int, Any]]:
    """Each packet as its type and what is in it; every one stands between line feeds."""
    packets = improv.feed(improv.Pending(), said)[1]
    assert said.count(b"\nIMPROV") == len(packets)
    return [
        (p.type, improv.texts_of(p.data) if p.type == Type.RESULT else p.data[0]) for p in packets
    ]


def asks(line: Line, command: Command, *texts: str, now: float = 0.0) -> list[tuple[int, Any]]:
    return told(line.hear(improv.pack(Type.RPC, improv.rpc(command, *texts)), now))


def test_a_page_sets_the_wifi_and_is_led_to_the_devices_own_page(line: Line, desk: Desk) -> None:
    assert told(line.hear(WIFI, 0.0)) == [(2, Error.NONE), (1, State.PROVISIONING)]
    (join,) = [ask for ask in desk.heard if isinstance(ask, Join)]
    assert (join.wireless.ssid, join.wireless.country) == ("Stationswifi", "NL")
    assert line.pass_time(0.5) == b""
    assert asks(line, Command.GET_STATE, now=0.6) == [(1, State.PROVISIONING)]
    desk.ended("done")
    assert told(line.pass_time(1.7)) == [(1, State.PROVISIONED), (4, (PAGE,))]


def test_a_wrong_password_is_told_as_cannot_connect(line: Line, desk: Desk) -> None:
    line.hear(WIFI, 0.0)
    desk.ended("The system refused it", connected=False)
    assert told(line.pass_time(1.1)) == [(1, State.READY), (2, Error.CANNOT_CONNECT)]


def test_cannot_connect_is_said_before_the_pages_own_thirty_seconds(line: Line) -> None:
    line.hear(WIFI, 0.0)
    assert line.pass_time(JOIN_SECONDS - 0.1) == b""
    assert told(line.pass_time(JOIN_SECONDS + 1.0))[-1] == (2, Error.CANNOT_CONNECT)
    assert JOIN_SECONDS + 2.0 < 30.0


def test_a_scan_gives_each_network_and_an_empty_result_at_the_end(line: Line, desk: Desk) -> None:
    near = (Nearby("Stationswifi", 80, secured=True), Nearby("Gast", 40, secured=False))
    desk.network = NetworkState(steward=True, nearby=near)
    rows = [(4, ("Stationswifi", "-60", "YES")), (4, ("Gast", "-80", "NO")), (4, ())]
    assert asks(line, Command.SCAN) == [(2, Error.NONE), *rows]


def test_device_and_host_name_are_told_and_stay_as_the_label_says(line: Line) -> None:
    info = ("Desk Token", "0.1.0", "simulated", "Desk Token DT-1")
    assert asks(line, Command.INFO)[-1] == (4, info)
    assert asks(line, Command.HOST_NAME)[-1] == (4, ("dt-1",))
    assert asks(line, Command.HOST_NAME, "dt-1")[-1] == (4, ("dt-1",))
    assert asks(line, Command.HOST_NAME, "evil") == [(2, Error.BAD_HOST_NAME)]
    assert asks(line, Command.DEVICE_NAME)[-1] == (4, ("Desk Token DT-1",))


@pytest.mark.parametrize("command", [Command.GET_STATE, Command.SCAN, Command.INFO])
def test_a_sealed_device_is_silent_and_joins_nothing(
    line: Line, desk: Desk, command: Command
) -> None:
    desk.service = device(sealed=True, open_for=0.0)
    assert asks(line, command) == []
    assert line.hear(WIFI, 0.0) == b""
    assert all(isinstance(ask, Service) for ask in desk.heard)


def test_after_a_hold_a_sealed_device_speaks_again(line: Line, desk: Desk) -> None:
    desk.service = device(sealed=True, open_for=599.0)
    assert asks(line, Command.GET_STATE) == [(1, State.READY)]


def test_a_connected_device_says_so_with_its_address(line: Line, desk: Desk) -> None:
    desk.ended("done")
    assert asks(line, Command.GET_STATE) == [(1, State.PROVISIONED), (4, (PAGE,))]


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"\x63\x00", Error.UNKNOWN_COMMAND), (b"\x01\x01", Error.BAD_PACKET)],
    ids=["unknown", "broken"],
)
def test_what_does_not_fit_is_answered_with_its_error(
    line: Line, data: bytes, error: Error
) -> None:
    assert told(line.hear(improv.pack(Type.RPC, data), 0.0)) == [(2, error)]


@pytest.mark.parametrize("trouble", [PeerTrouble("gone"), Refused("busy")])
def test_trouble_behind_the_line_is_told_without_a_word_of_it(
    line: Line, desk: Desk, trouble: Exception
) -> None:
    desk.trouble = trouble
    assert asks(line, Command.INFO) == [(2, Error.UNKNOWN)]


def test_a_password_is_given_to_nobody_but_the_authenticator(line: Line, desk: Desk) -> None:
    said = line.hear(WIFI, 0.0)
    assert b"PLANTED" not in said
    assert "PLANTED" not in repr(desk.heard) + repr(line)
