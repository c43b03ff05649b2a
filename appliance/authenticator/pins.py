"""The vault's side of the PINs: Argon2id with a salt of its own, tries counted before they are judged, growing pauses.

A try is durable before the digits are looked at, so a cut never gives one back; the pauses begin anew after a start,
so a restart never shortens one (checklist row 6). Digits are never stored, logged or returned. One thread uses it.
"""

from __future__ import annotations

import hmac
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from argon2.low_level import Type, hash_secret_raw

from appliance.authenticator.vault import Vault
from appliance.core.errors import Refused

DIGITS = re.compile(r"[0-9]{4,8}", re.ASCII)
UNSUITABLE = "A PIN has four to eight digits"
PAUSES = (0.0, 0.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0)
WIPES_AT = 10
MEMORY, SLOWEST, TARGET = 32 * 1024, 12, 0.9
OWNERS = "pins"


class Pin(msgspec.Struct, frozen=True):
    """One PIN as the vault keeps it: Argon2id with these costs (RFC 9106), and how often it was wrong since."""

    salt: bytes
    hash: bytes
    passes: int
    memory: int
    failed: int = 0

    def __repr__(self) -> str:
        return f"Pin(failed={self.failed})"


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether it was right; else how long until the next try counts (seconds), and whether all is to be erased now."""

    right: bool
    wait: float = 0.0
    wipe: bool = False


class Pins:
    """Every PIN of the device. `started` is the monotonic time of this start; `passes` fixes the cost for tests."""

    def __init__(self, vault: Vault, started: float, passes: int | None = None) -> None:
        self._vault = vault
        self._started = started
        self._passes = passes
        self._until: dict[str, float] = {}

    def owners(self) -> tuple[str, ...]:
        """Who has a PIN: accounts by id, the device as an empty name."""
        return self._vault.read(OWNERS, tuple[str, ...]) or ()

    def choose(self, owner: str, digits: str) -> None:
        """Set it. Raises Refused for digits that are no PIN, StorageTrouble."""
        if not DIGITS.fullmatch(digits):
            raise Refused(UNSUITABLE)
        passes, salt = self._passes or tuned(time.monotonic), os.urandom(16)
        pin = Pin(salt, derive(digits, salt, passes, MEMORY), passes, MEMORY)
        others = tuple(name for name in self.owners() if name != owner)
        owners = msgspec.json.encode((*others, owner))
        self._vault.write({name_of(owner): msgspec.json.encode(pin), OWNERS: owners})
        self._until.pop(owner, None)

    def forget(self, owner: str) -> None:
        """Remove it."""
        owners = tuple(name for name in self.owners() if name != owner)
        self._vault.write({name_of(owner): None, OWNERS: msgspec.json.encode(owners)})
        self._until.pop(owner, None)

    def attempt(self, owner: str, digits: str, now: float, *, wipes: bool) -> Tried:
        """One try at monotonic time `now`. Raises StorageTrouble, and judges nothing then."""
        pin = self._vault.read(name_of(owner), Pin)
        if pin is None:
            return Tried(right=True)
        until = self._until.setdefault(owner, self._started + pause(pin.failed))
        if now < until:
            return Tried(right=False, wait=until - now)
        counted = msgspec.structs.replace(pin, failed=pin.failed + 1)
        self._vault.write({name_of(owner): msgspec.json.encode(counted)})
        if self._is(pin, digits):
            forgiven = msgspec.structs.replace(pin, failed=0)
            self._vault.write({name_of(owner): msgspec.json.encode(forgiven)})
            return Tried(right=True)
        self._until[owner] = now + pause(counted.failed)
        return Tried(False, pause(counted.failed), wipes and counted.failed >= WIPES_AT)

    def clear(self) -> None:
        """Forget every pause (after a reset)."""
        self._until.clear()

    def _is(self, pin: Pin, digits: str) -> bool:
        return hmac.compare_digest(derive(digits, pin.salt, pin.passes, pin.memory), pin.hash)


def name_of(owner: str) -> str:
    """The record of this owner's PIN."""
    return f"pin/{owner or 'device'}"


def pause(failed: int) -> float:
    """How long the next try waits after so many wrong ones, in seconds."""
    return PAUSES[min(failed, len(PAUSES)) - 1] if failed else 0.0


def derive(digits: str, salt: bytes, passes: int, memory: int) -> bytes:
    """Argon2id (RFC 9106), one lane, 32 bytes; `memory` in KiB."""
    return hash_secret_raw(digits.encode(), salt, passes, memory, 1, 32, Type.ID)


def tuned(clock: Callable[[], float]) -> int:
    """So many passes that one try takes about a second on this very board."""
    before = clock()
    derive("0000", bytes(16), 1, MEMORY)
    took = max(0.001, clock() - before)
    return max(2, min(SLOWEST, int(TARGET / took)))
