"""What happened on this device that somebody may ask about: each entry bound to the one before it, the newest kept.

Entries lie sealed in the vault and leave it as lines of JSON without any secret, name or code; anybody can check an
exported log with firmware_tools/audit.py. A full or broken disk costs an entry, never an answer (checklist row 37).
"""

from __future__ import annotations

import hashlib
import logging

import msgspec

from appliance.authenticator.vault import Vault
from appliance.core.clock_trust import Now
from appliance.core.effects import Effect, SetSetting, Sign
from appliance.core.errors import StorageTrouble
from appliance.core.events import AccountKept, Event, PinsChanged, PinTried
from appliance.wire.audit import Entry

MOST = 512
HEAD = "audit"
BEGINNING = "0" * 64
log = logging.getLogger("authenticator")


class Head(msgspec.Struct, frozen=True):
    """The newest entry's number and hash, and the oldest number that is kept."""

    number: int = 0
    hash: str = BEGINNING
    oldest: int = 1


class Audit:
    """The log. One thread uses it."""

    def __init__(self, vault: Vault, software: str) -> None:
        self._vault = vault
        self._software = software

    def booted(self, now: Now) -> None:
        """The device started; an update is told when another version did so last."""
        try:
            last = self._vault.read("software", str)
        except StorageTrouble:
            last = None
        if last is not None and last != self._software:
            self.note("update", f"{last} to {self._software}", now)
        if last != self._software:
            self._keep({"software": msgspec.json.encode(self._software)})
        self.note("boot", self._software, now)

    def did(self, effect: Effect, now: Now) -> None:
        """Something was done that is worth an entry."""
        match effect:
            case Sign():
                self.note(effect.verdict.value, effect.request.account, now)
            case SetSetting():
                self.note("setting", effect.key, now)

    def heard(self, event: Event, now: Now) -> None:
        """Something happened that is worth an entry."""
        match event:
            case AccountKept():
                self.note("enrol", event.account.id, now)
            case PinTried(right=False):
                self.note("lock", event.owner or "device", now)
            case PinsChanged():
                self.note("setting", "pin", now)

    def note(self, what: str, about: str, now: Now) -> None:
        """One entry; `about` names a thing, never what it says."""
        try:
            head = self._vault.read(HEAD, Head) or Head()
        except StorageTrouble:
            return
        number = head.number + 1
        entry = Entry(number, round(now.wall, 1), now.trust.value, what, about[:64], head.hash)
        line = msgspec.json.encode(entry)
        oldest = max(head.oldest, number - MOST + 1)
        gone = {name_of(old): None for old in range(head.oldest, oldest)}
        after = Head(number, hashlib.sha256(line).hexdigest(), oldest)
        self._keep({**gone, name_of(number): line, HEAD: msgspec.json.encode(after)})

    def lines(self) -> tuple[bytes, ...]:
        """The log as it is exported, oldest first. Raises StorageTrouble."""
        head = self._vault.read(HEAD, Head) or Head()
        found = (self._vault.raw(name_of(n)) for n in range(head.oldest, head.number + 1))
        return tuple(line for line in found if line is not None)

    def _keep(self, changes: dict[str, bytes | None]) -> None:
        try:
            self._vault.write(changes)
        except StorageTrouble as trouble:
            log.error("audit entry lost: %s", trouble)


def name_of(number: int) -> str:
    """The record of this entry."""
    return f"audit/{number:09d}"
