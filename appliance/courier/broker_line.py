"""One line to an MQTT 5 broker: letters come as the broker hands them on, answers go out and are answered.

It knows topics and TLS and nothing of letters. The key it connects with came from the portal, is good for this
device's two topics alone, and lies in memory only. Source: OASIS MQTT 5.0.
"""

from __future__ import annotations

import os
import queue
import secrets
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from appliance.core.errors import PeerTrouble
from appliance.wire.broker import (
    KEEP_ALIVE,
    SESSION,
    BrokerAccess,
    Parcel,
    Receipt,
    inbound,
    opened,
    outbound,
)

CONNECT, REPLY = 5.0, 10.0


class BrokerLine:
    """Open it once, read `letters` on one thread, `ask` and `cut` from any."""

    def __init__(self, access: BrokerAccess, device: str) -> None:
        self._access, self._device = access, device
        self._came: queue.Queue[Parcel | None] = queue.Queue()
        self._asked: dict[bytes, queue.Queue[Receipt]] = {}
        self._up, self._refused = threading.Event(), False
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, device, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        self._client.connect_timeout = CONNECT
        self._client.on_socket_open = _send_at_once
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._ended
        self._client.on_message = self._message

    def open(self) -> None:
        """Connect and listen. Raises PeerTrouble when the broker is away or does not want us."""
        session = _words(PacketTypes.CONNECT, SessionExpiryInterval=SESSION)
        try:
            self._client.tls_set_context(_tls(self._access))
            self._client.connect(
                self._access.host,
                self._access.port,
                keepalive=KEEP_ALIVE,
                clean_start=False,
                properties=session,
            )
        except (OSError, ValueError) as wrong:
            raise PeerTrouble("The broker is out of reach") from wrong
        self._client.loop_start()
        if not self._up.wait(CONNECT) or self._refused:
            self.cut()
            raise PeerTrouble("The broker does not want this device")

    def letters(self) -> Iterator[Parcel]:
        """Each letter as it comes. Ends when the line does."""
        while (parcel := self._came.get()) is not None:
            yield parcel

    def ask(self, body: str) -> Receipt | None:
        """Send an answer and hear what became of it; None when nobody said so in time."""
        mark, heard = secrets.token_bytes(12), queue.Queue[Receipt](1)
        self._asked[mark] = heard
        words = _words(PacketTypes.PUBLISH, CorrelationData=mark, MessageExpiryInterval=60)
        try:
            self._client.publish(outbound(self._device), body.encode(), qos=1, properties=words)
            return heard.get(timeout=REPLY)
        except queue.Empty:
            return None
        finally:
            del self._asked[mark]

    def cut(self) -> None:
        """End the line: its reader sees the end at once. The broker keeps our session for when we are back."""
        self._client.disconnect()
        self._came.put(None)

    def close(self) -> None:
        """End the line and its thread."""
        self.cut()
        self._client.loop_stop()

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _more: object
    ) -> None:
        if code.is_failure:
            self._refused = True
            self._up.set()
        else:
            client.subscribe(inbound(self._device), qos=1)

    def _subscribed(self, *_words: object) -> None:
        self._up.set()

    def _ended(self, *_words: object) -> None:
        self._refused = self._refused or not self._up.is_set()
        self._up.set()
        self._came.put(None)

    def _message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        mark = getattr(message.properties, "CorrelationData", b"")
        came = opened(message.payload, marked=bool(mark))
        if isinstance(came, Parcel):
            self._came.put(came)
        waiting = self._asked.get(mark)
        if isinstance(came, Receipt) and waiting is not None and waiting.empty():
            waiting.put(came)


def _tls(access: BrokerAccess) -> ssl.SSLContext:
    """TLS that trusts the portal's authority alone. The key goes through memory: it never lies on a disk."""
    context = ssl.create_default_context(cadata=access.trust)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    handle = os.memfd_create("line", os.MFD_CLOEXEC)
    try:
        os.write(handle, (access.certificate + access.key).encode())
        context.load_cert_chain(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
    return context


def _words(kind: int, **values: object) -> Properties:
    properties = Properties(kind)  # type: ignore[no-untyped-call]
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


def _send_at_once(_client: mqtt.Client, _data: object, line: Any) -> None:  # noqa: ANN401 (paho's own socket type)
    """Without this every message waits up to 40 ms for the next one (Nagle's algorithm, RFC 896)."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
