"""What somebody with a token's own certificate may try at the broker: nothing reaches another, and nothing stays."""

from __future__ import annotations

import socket
import ssl
import time

import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from appliance.courier.broker_line import _tls
from appliance.wire.broker import BrokerAccess, inbound
from tests.hardware.bodies import soon
from tests.web.login_portal.carrying.conftest import Ways
from tests.web.login_portal.carrying.test_broker import Client, access, parcel
from web.login_portal.carriers import Posted

pytestmark = [
    pytest.mark.xdist_group("carriers"),
    # paho leaves a socket to the collector when the other end hangs up
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
    pytest.mark.parametrize("ways", ["mqtt"], indirect=True),
]


class Hand:
    """A client that connects by hand, with whatever name, will and words; it notes what came of it."""

    def __init__(self, given: BrokerAccess, name: str, *will: object) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self.client.tls_set_context(_tls(given))
        self.heard: list[tuple[str, bytes]] = []
        self.up, self.down, self.granted, self.taken = False, False, 0, 0
        self.client.on_connect = lambda *_: setattr(self, "up", True)
        self.client.on_disconnect = lambda *_: setattr(self, "down", True)
        self.client.on_subscribe = lambda *_: setattr(self, "granted", self.granted + 1)
        self.client.on_publish = lambda *_: setattr(self, "taken", self.taken + 1)
        self.client.on_message = lambda _c, _d, said: self.heard.append((said.topic, said.payload))
        if will:
            self.client.will_set(*will)  # type: ignore[arg-type]
        self.client.connect(given.host, given.port)
        self.client.loop_start()
        assert soon(lambda: self.up)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def comes_in(given: BrokerAccess, name: str) -> bool:
    """Whether the broker says a word to a client of this name (MQTT 3.1.1 section 3.1)."""
    wanted = b"\0\4MQTT\4\2\0\x3c" + len(name).to_bytes(2, "big") + name.encode()
    with (
        socket.create_connection((given.host, given.port)) as plain,
        _tls(given).wrap_socket(plain, server_hostname=given.host) as line,
    ):
        try:
            line.sendall(bytes((0x10, len(wanted))) + wanted)
            return bool(line.recv(1))
        except (ssl.SSLError, ConnectionError):
            return False


def test_by_the_portals_door_no_token_comes_in_under_any_name(ways: Ways) -> None:
    """A client that may choose its name there could take another token's session, and end it."""
    mine, other = ways.token(), ways.token()
    assert ways.broker is not None
    assert ways.line is not None
    owner = Client(access(ways, mine), mine.id, inbound(mine.id))
    host, port = ways.broker.doors.portal
    given = msgspec.structs.replace(access(ways, other), host=host, port=port)
    assert not comes_in(given, mine.id)
    ways.line.publish(mine.id, Posted(1, "x", expires=time.time() + 60))
    assert owner.heard.get(timeout=20) == (inbound(mine.id), parcel(1))
    assert owner.client.is_connected()
    owner.close()


def test_the_broker_keeps_nothing_for_whoever_comes_later(ways: Ways) -> None:
    mine = ways.token()
    assert ways.broker is not None
    thief = Hand(access(ways, mine), mine.id)
    thief.client.publish(f"dev/{mine.id}/out", b"to be kept", qos=1, retain=True)
    assert soon(lambda: thief.down or thief.taken)
    assert not thief.taken
    thief.client.loop_stop()


def test_a_last_will_reaches_nobody_else(ways: Ways) -> None:
    mine, other = ways.token(), ways.token()
    assert ways.line is not None
    owner = Client(access(ways, mine), mine.id, inbound(mine.id))
    given = access(ways, other)
    thief = Hand(given, other.id, inbound(mine.id), parcel(9, "will"), 1, False)
    second = Client(given, other.id)  # which takes its session over: the broker speaks the will
    assert soon(lambda: thief.down)
    ways.line.publish(mine.id, Posted(1, "real", expires=time.time() + 60))
    assert owner.heard.get(timeout=20) == (inbound(mine.id), parcel(1, "real"))
    assert owner.heard.empty()
    for one in (owner, second, thief):
        one.close()


def test_whatever_it_subscribes_to_it_hears_its_own_letters_alone(ways: Ways) -> None:
    mine, other = ways.token(), ways.token()
    assert ways.line is not None
    thief = Hand(access(ways, other), "")
    wide = ("$SYS/#", "$share/all/dev/+/in", "$share/out/dev/+/out", "$CONTROL/#", "dev/+/out")
    for topic in (*wide, inbound(mine.id), inbound(other.id)):
        thief.client.subscribe(topic, qos=1)
    assert soon(lambda: thief.granted == len(wide) + 2)
    for device in (mine, other):
        ways.line.publish(device.id, Posted(1, "x", expires=time.time() + 60))
    assert soon(lambda: len(thief.heard) > 0)
    assert set(thief.heard) == {(inbound(other.id), parcel(1))}
    thief.close()


@pytest.mark.parametrize("trick", ["256 kB", "a number for a foreign topic"])
def test_a_trick_ends_or_does_nothing_and_the_portals_line_stays(ways: Ways, trick: str) -> None:
    mine, other = ways.token(), ways.token()
    assert ways.line is not None
    owner = Client(access(ways, mine), mine.id, inbound(mine.id))
    thief = Hand(access(ways, other), other.id)
    before = ways.line._client.socket()
    if trick == "256 kB":
        thief.client.publish(f"dev/{other.id}/out", bytes(256 * 1024), qos=1)
        assert soon(lambda: thief.down)
        thief.client.loop_stop()
    else:
        number = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        number.TopicAlias = 1
        thief.client.publish(inbound(mine.id), parcel(1, "forged"), qos=1, properties=number)
        thief.client.publish("", parcel(2, "forged"), qos=1, properties=number)
        assert soon(lambda: thief.taken == 2 or thief.down)
        thief.close()
    ways.line.publish(mine.id, Posted(3, "real", expires=time.time() + 60))
    assert owner.heard.get(timeout=20) == (inbound(mine.id), parcel(3, "real"))
    assert ways.line._client.socket() is before
    owner.close()
