"""What only the broker is asked: rights tested by delivery, sessions that outlive it, a line that does without."""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import time
from pathlib import Path

import httpx
import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from appliance.core.errors import PeerTrouble
from appliance.courier.broker_line import BrokerLine, _tls
from appliance.wire.broker import BrokerAccess, Parcel, inbound
from appliance.wire.carrying import Deliver
from appliance.wire.paths import BROKER
from tests.hardware.bodies import soon
from tests.house.source import ROOT
from tests.web.login_portal.carrying.conftest import Ways
from tests.web.login_portal.device import Device
from web.login_portal.broker import files
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.carriers import Posted
from web.login_portal.keys import load_or_make

pytestmark = [
    pytest.mark.xdist_group("carriers"),
    # paho leaves a socket to the collector when the other end hangs up during its handshake
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
    pytest.mark.parametrize("ways", ["mqtt"], indirect=True),
]


def access(ways: Ways, device: Device) -> BrokerAccess:
    bearer = device.ask_access(device.assertion(ways.origin, time.time())).json()["access_token"]
    reply = httpx.post(ways.origin + BROKER, headers={"Authorization": f"Bearer {bearer}"})
    assert reply.headers["cache-control"] == "no-store"
    return msgspec.json.decode(reply.content, type=BrokerAccess)


class Client:
    """A client at the broker that may try what it likes."""

    def __init__(self, with_access: BrokerAccess, name: str, topic: str = "") -> None:
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.up = queue.Queue[bool]()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self.client.tls_set_context(_tls(with_access))
        self.client.on_message = lambda _c, _d, message: self.heard.put(
            (message.topic, message.payload)
        )
        self.client.on_subscribe = lambda *_: self.up.put(True)
        self.client.on_connect = lambda client, *_: client.subscribe(topic or "#", qos=1)
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = 3600
        words = {"clean_start": False, "properties": session}
        self.client.connect(with_access.host, with_access.port, **words)
        self.client.loop_start()
        assert self.up.get(timeout=20)

    def publish(self, topic: str, body: bytes) -> None:
        assert self.client.publish(topic, body, qos=1).rc == 0

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def parcel(number: int, text: str = "x") -> bytes:
    return msgspec.json.encode(Parcel(number, text))


def test_a_foreign_topic_can_neither_be_read_nor_written(ways: Ways) -> None:
    mine, other = ways.token(), ways.token()
    assert ways.line is not None
    # it asks for every topic; that is granted and means nothing
    thief = Client(access(ways, other), "thief")
    owner = Client(access(ways, mine), mine.id, inbound(mine.id))
    thief.publish(inbound(mine.id), parcel(1, "forged"))
    thief.publish(f"dev/{mine.id}/out", b"forged")
    for device in (mine, other):
        ways.line.publish(device.id, Posted(2, "real", expires=time.time() + 60))
    assert owner.heard.get(timeout=20) == (inbound(mine.id), parcel(2, "real"))
    assert thief.heard.get(timeout=20) == (inbound(other.id), parcel(2, "real"))
    assert owner.heard.empty()
    assert thief.heard.empty()
    owner.close()
    thief.close()


def test_nobody_takes_another_devices_session(ways: Ways) -> None:
    mine, other = ways.token(), ways.token()
    assert ways.line is not None
    owner = Client(access(ways, mine), mine.id, inbound(mine.id))
    thief = Client(access(ways, other), mine.id)
    ways.line.publish(mine.id, Posted(1, "x", expires=time.time() + 60))
    assert owner.heard.get(timeout=20)[0] == inbound(mine.id)
    assert thief.heard.empty()
    owner.close()
    thief.close()


@pytest.mark.parametrize("chain", ["no certificate", "another portal's"])
def test_without_a_certificate_of_this_portal_there_is_no_line(ways: Ways, chain: str) -> None:
    given = access(ways, ways.token())
    context = ssl.create_default_context(cadata=given.trust)
    if chain != "no certificate":
        strange = BrokerIdentity(load_or_make(ways.folder / "other"))
        foreign = strange.device("d1", given.host, given.port, time.time())
        context = _tls(msgspec.structs.replace(foreign, trust=given.trust))
    with pytest.raises((ssl.SSLError, ConnectionError, EOFError)):
        shake_hands(given, context)


def shake_hands(given: BrokerAccess, context: ssl.SSLContext) -> None:
    """In TLS 1.3 a client learns of the broker's no when it reads."""
    with (
        socket.create_connection((given.host, given.port)) as plain,
        context.wrap_socket(plain, server_hostname=given.host) as line,
    ):
        line.send(b"\x10")
        if not line.recv(1):
            raise EOFError


def test_a_device_may_not_come_in_by_the_portals_door(ways: Ways) -> None:
    device = ways.token()
    assert ways.broker is not None
    assert ways.line is not None
    host, port = ways.broker.doors.portal
    given = msgspec.structs.replace(access(ways, device), host=host, port=port)
    with pytest.raises(PeerTrouble):
        BrokerLine(given, device.id).open()
    line = BrokerLine(access(ways, device), device.id)
    line.open()
    ways.line.publish(device.id, Posted(2, "y", expires=time.time() + 60))
    assert next(line.letters()).letter == "y"
    line.close()


def gone_away(ways: Ways) -> tuple[Device, BrokerAccess]:
    """A device that had a line and hung up, and what it came in with."""
    device = ways.token()
    given = access(ways, device)
    away = BrokerLine(given, device.id)
    away.open()
    away.close()
    return device, given


def test_what_comes_for_a_device_that_is_away_waits_for_it(ways: Ways) -> None:
    device, given = gone_away(ways)
    assert ways.line is not None
    ways.line.publish(device.id, Posted(1, "x", expires=time.time() + 60))
    back = Client(given, device.id, inbound(device.id))
    assert back.heard.get(timeout=20) == (inbound(device.id), parcel(1))
    back.close()


def test_a_killed_broker_keeps_what_it_was_told_and_forgets_what_expired(ways: Ways) -> None:
    device, given = gone_away(ways)
    assert ways.broker is not None
    assert ways.line is not None
    until = time.time() + 2
    ways.line.publish(device.id, Posted(1, "short", expires=until))
    ways.line.publish(device.id, Posted(2, "long", expires=until + 60))
    kept = ways.broker.folder / "state" / "mosquitto.db"
    assert soon(lambda: kept.exists() and kept.stat().st_mtime > until + 0.5)  # autosave_interval 1
    ways.broker.kill()
    ways.broker.start()
    back = BrokerLine(given, device.id)
    back.open()
    assert next(back.letters()).letter == "long"
    back.close()


def test_a_broker_that_is_away_sends_the_line_by_http_and_it_comes_back(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    assert soon(lambda: courier.lines._open != {})
    ways.letters.cut()
    assert soon(lambda: courier.lines._open == {})
    request = ways.login()
    assert courier.hears(request)
    ways.letters.mend()


def test_a_later_letter_that_comes_first_hides_no_earlier_one(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    assert soon(lambda: courier.lines._open != {})
    assert ways.line is not None
    for number in (900, 899, 900):
        letter = courier.device  # any text will do: the authenticator judges it
        ways.line.publish(letter.id, Posted(number, f"text {number}", expires=time.time() + 60))
    assert soon(lambda: len(courier.desk.of(Deliver)) == 2)
    assert [call.letter for call in courier.desk.of(Deliver)] == ["text 900", "text 899"]


def test_both_ends_send_at_once(ways: Ways) -> None:
    device = ways.token()
    line = BrokerLine(access(ways, device), device.id)
    line.open()
    assert ways.line is not None
    for client in (line._client, ways.line._client):
        assert client.socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    line.close()


def test_a_revoked_token_gets_no_certificate(ways: Ways) -> None:
    device = ways.token()
    bearer = device.ask_access(device.assertion(ways.origin, time.time())).json()["access_token"]
    ways.now.portal.partings.revoke(device.id, time.time())
    for header in (f"Bearer {bearer}", "Bearer x", "Basic x"):
        reply = httpx.post(ways.origin + BROKER, headers={"Authorization": header})
        assert reply.status_code == 401


def test_a_line_to_nowhere_says_so(ways: Ways) -> None:
    given = access(ways, ways.token())
    with pytest.raises(PeerTrouble):
        BrokerLine(msgspec.structs.replace(given, port=1), "d").open()
    assert given.key not in repr(given)


def test_the_example_is_what_the_command_writes(ways: Ways) -> None:
    example = ROOT / "config" / "portal"
    folder = "/etc/mosquitto/desk-portal"
    text = files.settings(Path(folder), Path("/var/lib/mosquitto"), 8883, 8884)
    assert (example / "mosquitto.conf").read_text() == text
    assert ways.broker is not None


def answer(client: Client, device: Device, mark: bytes) -> None:
    """What looks like an answer; what is said to it comes back under this mark."""
    words = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    words.CorrelationData = mark
    client.client.publish(f"dev/{device.id}/out", b"x", qos=1, properties=words)


def told(client: Client, times: int) -> int:
    """How many answers were answered, of so many."""
    return sum(bool(client.heard.get(timeout=10)) for _ in range(times))


def test_nobody_takes_a_share_of_what_others_answer(ways: Ways) -> None:
    mine, other = ways.token(), ways.token()
    thief = Client(access(ways, other), other.id, "$share/portal/dev/+/out")
    owner = Client(access(ways, mine), mine.id, inbound(mine.id))
    for number in range(20):
        answer(owner, mine, b"%d" % number)
        assert told(owner, 1) == 1
    thief.close()
    owner.close()


def test_a_mark_of_any_length_leaves_the_portals_line_up(
    ways: Ways, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=ways.origin)
    device = ways.token()
    owner = Client(access(ways, device), device.id, inbound(device.id))
    answer(owner, device, b"m" * 32_690)  # its reply would be more than the broker takes from us
    for number in range(20):
        answer(owner, device, b"%d" % number)
        assert told(owner, 1) == 1
    assert "broker gone" not in caplog.text
    owner.close()
