"""Letters over MQTT, for both of their ends: topics, what lies on them, and what a device is told of the broker.

The broker is a carrier like any other: it can delay or drop, not forge. A file without cryptography, for the courier.
"""

from __future__ import annotations

import msgspec

SESSION, KEEP_ALIVE, LONGEST_PARCEL = 3600, 60, 32 * 1024


class BrokerAccess(msgspec.Struct, frozen=True):
    """Where the broker is and what opens it: authorities to trust, certificate and key as PEM, for a day at most.

    The key is good for this device's two topics at the broker and for nothing else.
    """

    host: str
    port: int
    trust: str
    certificate: str
    key: str
    expires: float

    def __repr__(self) -> str:
        return f"BrokerAccess(host={self.host!r}, port={self.port})"


class Parcel(msgspec.Struct, frozen=True):
    """Portal to device: a letter and its cursor in the inbox."""

    cursor: int
    letter: str


class Receipt(msgspec.Struct, frozen=True):
    """Portal to device: what the device API says to an answer, in the words of HTTP."""

    status: int
    body: str


def opened(untrusted: bytes | bytearray, *, marked: bool) -> Parcel | Receipt | None:
    """What came on a device's topic: a letter, or the receipt that an answer was `marked` for; None for anything else.

    Nothing is lost with it: the database has every letter, and an answer is sent again by HTTP.
    """
    if len(untrusted) > LONGEST_PARCEL:
        return None
    try:
        if marked:
            return msgspec.json.decode(untrusted, type=Receipt)
        return msgspec.json.decode(untrusted, type=Parcel)
    except (msgspec.DecodeError, RecursionError):
        return None


def inbound(device: str) -> str:
    """The topic that only this device may read."""
    return f"dev/{device}/in"


def outbound(device: str) -> str:
    """The topic that only this device may write to."""
    return f"dev/{device}/out"


def sender(untrusted_topic: str) -> str:
    """Whose topic this is; empty when it is not one of a device."""
    words = untrusted_topic.split("/")
    return words[1] if len(words) == 3 and (words[0], words[2]) == ("dev", "out") else ""
