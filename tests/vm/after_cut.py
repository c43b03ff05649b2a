"""Opens what a power cut left with the product's own code, and judges it against what had been acknowledged.

The key is the installed one: the secret that systemd passed to the unit in the machine is brought along, because only
that machine can unseal it, and the records are opened through the same provider as there.
"""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from appliance.authenticator.guards.choice import choose
from appliance.authenticator.guards.systemd_creds import SystemdCredential
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import KEY, RECORDS, VaultFolder
from appliance.core.accounts import Kind
from tests.crash.laboratory import Finding
from tests.vm.write_log import Cut

FIRST = 1  # where the counter of codes begins
ACTS = ENROL, APPROVE, STEP, RESET = ("enrol", "approve", "HOTP step", "reset")


@dataclass(frozen=True, slots=True)
class Promise:
    """When `entries` orders were logged, these words could be seen: an account of this kind is kept, with a counter
    (of codes, or of answers) of at least `number`."""

    words: str
    entries: int
    kind: Kind
    number: int

    @property
    def act(self) -> str:
        """What the person was doing."""
        if self.number == (FIRST if self.kind is Kind.HOTP else 0):
            return ENROL
        return STEP if self.kind is Kind.HOTP else APPROVE


@dataclass(frozen=True, slots=True)
class Stand:
    """What could be read after a cut; `broken` says why it could not, `half` what was not there as a whole.

    `life` is the name of the time since the last reset, `version` counts the changes in it. `key` is the key's file
    before anything was opened, and `bare` says that there was no file of records then.
    """

    broken: str = ""
    half: str = ""
    life: bytes = b""
    version: int = 0
    numbers: dict[Kind, int] = field(default_factory=dict)
    records: dict[str, bytes] = field(default_factory=dict, repr=False)
    key: bytes = field(default=b"", repr=False)
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one cut did, and in which words."""

    finding: Finding
    why: str = ""


def looked_at(image: Path, place: Path, credentials: Path) -> Stand:
    """Mount the image, which replays the file system's journal, and open the records in it."""
    place.mkdir(exist_ok=True)
    mounted = ["mount", "-o", "loop,noatime", str(image), str(place)]
    done = subprocess.run(mounted, capture_output=True, text=True, check=False)
    if done.returncode:
        return Stand(broken=f"no file system: {done.stderr.strip()}")
    try:
        return _opened(place, credentials)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _opened(state: Path, credentials: Path) -> Stand:
    key = (state / KEY).read_bytes() if (state / KEY).exists() else b""
    bare = not (state / RECORDS).exists()
    provider = choose(state, (SystemdCredential(state, credentials),))
    with closing(Vault(VaultFolder(state, provider))) as vault:
        if vault.trouble:
            return Stand(broken=vault.trouble)
        records = {name: vault.raw(name) or b"" for name in vault.names()}
        numbers = {account.kind: _number(vault, account.id) for account in vault.accounts()}
        half = _unwhole(vault)
    sound, version = _file(state / RECORDS)
    if sound != "ok":
        return Stand(broken=sound)
    return Stand("", half, records.get("life", b""), version, numbers, records, key, bare)


def _file(path: Path) -> tuple[str, int]:
    """SQLite's own opinion, and the number of the last change."""
    file = sqlite3.connect(path)
    try:
        sound = file.execute("PRAGMA integrity_check").fetchone()[0]
        return sound, file.execute("SELECT coalesce(max(version), 0) FROM record").fetchone()[0]
    finally:
        file.close()


def _number(vault: Vault, account: str) -> int:
    """The counter of codes, or of answers."""
    return vault.read(f"counter/{account}", int) or vault.ledger(account).count


def _unwhole(vault: Vault) -> str:
    """Rows that one change writes together, and of which some are missing."""
    kept = {account.id: account.kind for account in vault.accounts()}
    rows = {
        part: {name.partition("/")[2] for name in vault.names() if name.startswith(f"{part}/")}
        for part in ("account", "counter", "letters", "profile")
    }
    counted = {name for name, kind in kept.items() if kind is Kind.HOTP}
    if rows["account"] != kept.keys() or rows["counter"] != counted:
        return f"accounts and their counters: {sorted(kept)} {rows}"
    if any(rows[part] - kept.keys() for part in ("letters", "profile")):
        return f"rows without their account: {rows}"
    return ""


class Judge:
    """The laws. `resets` is the moment from which a reset may have begun, `erased` when it was acknowledged.

    Cuts come in the order of the log; what a flush has held, no later cut may have lost.
    """

    def __init__(self, promises: tuple[Promise, ...], resets: int, erased: int) -> None:
        self._promises, self._resets, self._erased = promises, resets, erased
        self._known: dict[tuple[bytes, int], dict[str, bytes]] = {}
        self._flushed = Stand()
        self._key = b""

    def judge(self, cut: Cut, found: Stand) -> Verdict:
        """What this cut did."""
        if found.broken:
            return Verdict(Finding.CORRUPT, found.broken)
        self._key = self._key or found.key
        half = found.half or self._mixed(found)
        if half:
            return Verdict(Finding.HALF, half)
        lost = self._lost(cut, found) or self._older(found)
        if lost:
            return Verdict(Finding.LOST, lost)
        if cut.flush:
            self._flushed = found
        return Verdict(Finding.GOOD)

    def _mixed(self, found: Stand) -> str:
        """One number of a change means the same records wherever it is met; no key outlives what it opens."""
        if found.bare and found.key == self._key:
            return "the key outlived its records"
        if not found.life:
            return "accounts of a life without a name" if found.numbers else ""
        same = self._known.setdefault((found.life, found.version), found.records)
        return "" if same == found.records else f"change {found.version} has two faces"

    def _lost(self, cut: Cut, found: Stand) -> str:
        if not found.numbers and cut.reached > self._resets:
            return ""  # all of it is gone, and a reset was under way
        if cut.at >= self._erased:
            return "accounts are back after a reset"
        for promise in self._promises:
            if promise.entries <= cut.at and found.numbers.get(promise.kind, -1) < promise.number:
                return f"{promise.words}: {promise.number}, but there is {found.numbers}"
        return ""

    def _older(self, found: Stand) -> str:
        before = self._flushed
        if found.life == before.life and found.version < before.version:
            return f"change {before.version} was flushed, and there is {found.version}"
        gone_back = found.life != before.life and found.numbers and before.life
        return "an earlier life is back" if gone_back else ""
