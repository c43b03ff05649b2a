"""What the page, or a scanned Wi-Fi code, may wish for and a person at the token must grant with a hold.

A wish names what it is about in words and never carries a secret; what exactly was asked stays with who took the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is wished for."""

    REMOVE = "remove"
    NETWORK = "network"
    WIFI = "wifi"
    RESTART = "restart"
    OFF = "off"
    CLOCK = "clock"
    SEAL = "seal"
    SERVICE = "service"
    BACKUP = "backup"
    RESTORE = "restore"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish: its number, its kind, and the words from outside that say what it is about."""

    id: str
    kind: Kind
    about: str = ""


@dataclass(frozen=True, slots=True)
class Wished:
    """The page, the technician's line or a scanned code asks for this."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Granted:
    """What was wished for is done; `trouble` is an English sentence when it did not work."""

    id: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class TestAsked:
    """The page asks for the self-test."""


@dataclass(frozen=True, slots=True)
class TryAsked:
    """A technician tries one part by eye and hand: `panel`, `keys` or `camera`; any other word ends it."""

    part: str


@dataclass(frozen=True, slots=True)
class KeySeen:
    """A key went down, by its role; only a trial of the keys listens."""

    role: str


@dataclass(frozen=True, slots=True)
class OpeningAsked:
    """A browser on the USB cable of a token without accounts asks to open the page."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Effect: the person held, so do it. Answer: Granted."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Refuse:
    """Effect: nobody held in time, or somebody said no; forget what was asked."""

    wish: Wish
