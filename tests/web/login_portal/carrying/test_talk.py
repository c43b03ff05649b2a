"""The portal's own threads at a real broker: whatever happens to the broker or to one job, what is said arrives."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from appliance.courier.broker_line import BrokerLine
from appliance.wire.broker import Parcel, inbound
from tests.hardware.bodies import soon
from tests.web.login_portal.carrying.mosquitto import Mosquitto
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.broker.talk import Talk
from web.login_portal.keys import load_or_make

pytestmark = pytest.mark.xdist_group("carriers")
WORDS, SELECTS = Properties(PacketTypes.PUBLISH), 1024


class Both:
    """The portal's end and a device's, joined by the broker."""

    def __init__(self, broker: Mosquitto, identity: BrokerIdentity, device: str) -> None:
        self.broker, self.topic = broker, inbound(device)
        name = f"portal-{device}"
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self.client.tls_set_context(identity.portal_line(time.time()))
        self.client.max_inflight_messages_set(1000)
        self.client.connect_async(*broker.doors.portal)
        self.talk, self.stopped = Talk(self.client, 2), False
        self.access = identity.device(device, *broker.doors.devices, time.time())
        self.listen()

    def listen(self) -> None:
        """The device connects, for the first time or anew."""
        self.device = BrokerLine(self.access, self.topic.split("/")[1])
        self.device.open()

    def stop(self) -> None:
        """Once."""
        if not self.stopped:
            self.stopped = True
            self.talk.stop()

    def say(self, number: int, text: str) -> None:
        self.talk.say(self.topic, msgspec.json.encode(Parcel(number, text)), WORDS)

    def heard(self, number: int) -> list[int]:
        """The cursors of so many letters, in the order in which the device got them."""
        letters = self.device.letters()
        return [next(letters).cursor for _ in range(number)]


@pytest.fixture
def both(mosquitto: Mosquitto, master: Path, request: pytest.FixtureRequest) -> Iterator[Both]:
    made = Both(mosquitto, BrokerIdentity(load_or_make(master)), f"d-{request.node.name[:40]}")
    with ExitStack() as ends:
        made.talk.start()
        ends.callback(made.stop)
        assert soon(lambda: made.talk.up)
        yield made
        made.device.close()


def test_what_is_said_arrives_in_its_order(both: Both) -> None:
    for number in range(50):
        both.say(number, "x")
    assert both.heard(50) == list(range(50))


def test_a_broker_that_takes_nothing_for_a_while_holds_nobody_up_and_gets_everything(
    both: Both,
) -> None:
    assert both.broker.process is not None
    both.broker.process.send_signal(signal.SIGSTOP)
    try:
        for number in range(400):
            both.say(number, "x" * 20_000)
        assert both.client.want_write()  # or this showed nothing: more than the sockets hold
    finally:
        both.broker.process.send_signal(signal.SIGCONT)
    assert both.heard(150) == list(range(150))


def test_a_line_breaks_and_is_made_anew(both: Both) -> None:
    before = both.client.socket()
    both.broker.kill()
    both.broker.start()
    assert soon(lambda: both.talk.up and both.client.socket() is not before)
    both.device.close()
    both.listen()
    both.say(7, "x")
    assert both.heard(1) == [7]


def test_a_line_is_made_anew_with_more_open_files_than_select_can_count(both: Both) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as ends:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        ends.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        both.broker.kill()
        assert soon(lambda: not both.talk.up)
        number = 0
        while number < SELECTS:
            number = os.dup(0)
            ends.callback(os.close, number)
        both.broker.start()
        assert soon(lambda: both.talk.up)
        line = both.client.socket()
        assert line is not None
        assert line.fileno() > SELECTS
    both.device.close()
    both.listen()
    both.say(8, "x")
    assert both.heard(1) == [8]


def test_a_slow_job_keeps_no_other_waiting(both: Both) -> None:
    slow, done = threading.Event(), threading.Event()
    both.talk.later(lambda: slow.wait(60) or None)
    both.talk.later(done.set)
    assert done.wait(30)
    slow.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_job_that_breaks_ends_only_itself(both: Both) -> None:
    done = threading.Event()

    def broken() -> None:
        raise RuntimeError("this was to be expected")

    for _ in range(5):
        both.talk.later(broken)
    both.talk.later(done.set)
    assert done.wait(30)
    both.say(9, "x")
    assert both.heard(1) == [9]


def test_a_stop_does_first_what_had_come(both: Both) -> None:
    done: list[int] = []
    gate = threading.Event()
    for number in range(4):
        both.talk.later(lambda number=number: gate.wait(60) and done.append(number))
    stopping = threading.Thread(target=both.stop)
    stopping.start()
    gate.set()
    stopping.join(30)
    assert sorted(done) == [0, 1, 2, 3]
    assert not both.talk.up


def test_what_is_said_without_a_line_is_forgotten(both: Both) -> None:
    both.stop()
    both.say(1, "x")
    assert not both.client.want_write()
