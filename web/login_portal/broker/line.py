"""The portal's line to the broker: letters go out when they are durable, answers come in and are answered.

Whenever the line comes up, all letters that still matter are published again: so neither a broker that lost its memory
nor a worker that was killed between commit and publishing loses a login. Devices know a letter they had by its cursor.
"""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from appliance.wire.broker import KEEP_ALIVE, Parcel, Receipt, inbound, outbound, sender
from appliance.wire.jose import CAP
from web.login_portal.broker.talk import Talk
from web.login_portal.broker.turns import Turns
from web.login_portal.carriers import Posted
from web.login_portal.clock import Clock
from web.login_portal.logbook import Logbook

AT_ONCE, LONGEST_LIFE = 4, 86400
AT_A_TIME, LONGEST_MARK = 1000, 64
Open = Callable[[], list[tuple[str, Posted]]]
Judge = Callable[[str], Receipt]


class BrokerLine:
    """A carrier. `address` is the portal's door at the broker; `start` needs what the portal knows.

    Workers share the answers as one `group`. Its name is the portal's secret: mosquitto lets anybody join a group whose
    name they know, hands such a member its share, and drops it when the member may not read it. Without a group no
    answers come: for a look at the broker beside a portal that works.
    """

    def __init__(
        self, address: tuple[str, int], tls: ssl.SSLContext, clock: Clock, log: Logbook, group: str
    ) -> None:
        self._address, self._clock, self._log = address, clock, log
        self._group, self._turns = group, Turns()
        self._open: Open = list
        self._judge: Judge = _nobody
        # unguessable, so that nobody takes this session over
        name = f"portal-{secrets.token_hex(8)}"
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self._client.tls_set_context(tls)
        self._client.connect_timeout = 5.0
        # 20 by default: a burst would queue up here
        self._client.max_inflight_messages_set(AT_A_TIME)
        self._client.on_socket_open = _send_at_once
        self._client.on_connect = self._up
        self._client.on_disconnect = self._down
        self._client.on_message = self._came
        self._talk = Talk(self._client, AT_ONCE)

    def start(self, still_open: Open, judge: Judge) -> None:
        """Connect, and stay so: `still_open` lists the letters that matter, `judge` takes an answer."""
        self._open, self._judge = still_open, judge
        self._client.connect_async(*self._address, keepalive=KEEP_ALIVE)
        self._talk.start()

    def stop(self) -> None:
        """Let the answers that came be judged, and say goodbye."""
        self._talk.stop()

    @property
    def up(self) -> bool:
        """Whether the broker hears us."""
        return self._talk.up

    def publish(self, device: str, letter: Posted) -> None:
        """Hand the letter to the broker, for as long as it matters; without a line it is sent when that is back."""
        if self.up:
            body = msgspec.json.encode(Parcel(letter.cursor, letter.text))
            left = int(letter.expires - self._clock() + 0.999)
            self._talk.say(inbound(device), body, _expiring(min(LONGEST_LIFE, max(1, left))))

    def _up(
        self, client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _more: object
    ) -> None:
        if code.is_failure:
            self._log.note("broker refused", reason=str(code))
            return
        self._log.note("broker heard")
        if self._group:
            client.subscribe(f"$share/{self._group}/{outbound('+')}", qos=1)
        self._talk.later(self._publish_again)

    def _publish_again(self) -> None:
        for device, letter in self._open():
            self.publish(device, letter)

    def _down(self, *_words: object) -> None:
        self._log.note("broker gone")

    def _came(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        device, body = sender(message.topic), message.payload
        mark = getattr(message.properties, "CorrelationData", b"")
        # a reply that is too large would end our line, again and again
        marked = 0 < len(mark) <= LONGEST_MARK
        fits = marked and len(body) <= CAP and body.isascii()
        if device and fits and self._turns.begin(device):
            self._talk.later(partial(self._answer, device, body.decode("ascii"), mark))

    def _answer(self, device: str, untrusted: str, mark: bytes) -> None:
        try:
            receipt = msgspec.json.encode(self._judge(untrusted))
        finally:
            self._turns.end(device)
        words = _properties(CorrelationData=mark, MessageExpiryInterval=60)
        self._talk.say(inbound(device), receipt, words)


def _properties(**words: object) -> Properties:
    made = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    for name, value in words.items():
        setattr(made, name, value)
    return made


@lru_cache(maxsize=256)
def _expiring(seconds: int) -> Properties:
    """Nearly all letters live equally long, and the library takes its time to check these words."""
    return _properties(MessageExpiryInterval=seconds)


def _nobody(_untrusted: str) -> Receipt:
    return Receipt(503, "")


def _send_at_once(_client: mqtt.Client, _data: object, line: Any) -> None:  # noqa: ANN401 (paho's own socket type)
    """Without this every letter waits up to 40 ms for the next one (Nagle's algorithm, RFC 896)."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
