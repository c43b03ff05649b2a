"""Records a workload once on a watched disk, then lets the power go at its calls, again and again, and judges.

The laws: the vault opens and SQLite finds it whole; every acknowledged act is there; of an act that was under way
there is everything or nothing; nothing older comes back; and after a reset nothing of before can be read.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random

from appliance.authenticator.disk import Calls, Disk
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.errors import StorageTrouble
from tests.crash.image import Fate, image
from tests.crash.journal import Fault, Journal, JournalledCalls, Op
from tests.crash.sqlite_vfs import Watched
from tests.crash.workloads import Workload

State = dict[str, bytes]
MEMORY = Path("/dev/shm")


class Finding(StrEnum):
    """What one cut did."""

    GOOD = "good"
    LOST = "lost"
    HALF = "half"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The calls of one workload; `marks`: the calls made when each act had returned; `states`: what stood then."""

    base: dict[str, bytes]
    ops: tuple[Op, ...]
    marks: tuple[int, ...]
    states: tuple[State, ...]

    def allowed(self, cut: int) -> tuple[State, ...]:
        """What may stand after a cut behind this many calls: the last acknowledged act, or the one under way."""
        done = max(0, sum(mark <= cut for mark in self.marks) - 1)
        return self.states[done : done + 2] if cut >= self.marks[0] else self.states[:1]


@dataclass
class Tally:
    """How many cuts there were, and what they did."""

    cuts: int = 0
    again: int = 0
    found: dict[Finding, int] = field(default_factory=lambda: dict.fromkeys(Finding, 0))

    def count(self, finding: Finding) -> None:
        self.cuts += 1
        self.found[finding] += 1

    @property
    def bad(self) -> int:
        """Cuts that broke a law."""
        return self.cuts - self.found[Finding.GOOD]

    def add(self, other: Tally) -> None:
        self.cuts += other.cuts
        self.again += other.again
        for finding, count in other.found.items():
            self.found[finding] += count

    def __str__(self) -> str:
        found = self.found
        lost = found[Finding.LOST] + found[Finding.HALF]
        return f"cuts {self.cuts} (again during recovery {self.again}) corrupt {found[Finding.CORRUPT]} lost {lost}"


class Laboratory:
    """One folder in memory, and a watched SQLite. Not shared between threads."""

    def __init__(
        self,
        calls: type[JournalledCalls] = JournalledCalls,
        connection: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        where = MEMORY if MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="crash-", dir=where))
        self._watched = Watched(f"laboratory-{self.folder.name}")
        self._calls, self._connection = calls, connection

    def close(self) -> None:
        self._watched.close()
        shutil.rmtree(self.folder)

    def disk(self, journal: Journal) -> Disk:
        """A disk that writes everything down in this journal."""
        self._watched.journals[str(self.folder)] = journal
        calls: Calls = self._calls(journal)
        return Disk(calls, lambda path: self._watched.connect(path, self._connection))

    def start(self, journal: Journal) -> Vault:
        """Switch the device on."""
        disk = self.disk(journal)
        return Vault(VaultFolder(self.folder, PlainFile(self.folder, disk.calls), disk))

    def record(self, workload: Workload) -> Recorded:
        """Live the workload once, undisturbed."""
        self.lay({})
        vault = self.start(Journal(self.folder))
        for act in workload.before:
            act(vault)
        vault.close()
        base = self.read() if workload.before else {}
        self.lay(base)
        journal = Journal(self.folder, base)
        vault = self.start(journal)
        marks, states = [len(journal.ops)], [state_of(vault)]
        for act in workload.acts:
            act(vault)
            marks.append(len(journal.ops))
            states.append(state_of(vault))
        vault.close()
        return Recorded(base, tuple(journal.ops), tuple(marks), tuple(states))

    def cut(
        self, recorded: Recorded, at: int, fate: Fate, chance: Random
    ) -> tuple[Finding, Journal]:
        """Let the power go behind this many calls, switch on again and judge; the recovery's own calls come along."""
        left = image(recorded.base, recorded.ops[:at], fate, chance)
        return self.judge(left, recorded.allowed(at))

    def cut_again(
        self, recovery: Journal, allowed: tuple[State, ...], fate: Fate, chance: Random
    ) -> Finding:
        """Let the power go once more, in the middle of that recovery."""
        at = chance.randint(0, len(recovery.ops))
        left = image(recovery.base, recovery.ops[:at], fate, chance)
        return self.judge(left, allowed)[0]

    def judge(self, left: dict[str, bytes], allowed: tuple[State, ...]) -> tuple[Finding, Journal]:
        """Switch on with these files."""
        self.lay(left)
        journal = Journal(self.folder, left)
        vault = self.start(journal)
        try:
            return self._finding(vault, allowed), journal
        finally:
            vault.close()

    def _finding(self, vault: Vault, allowed: tuple[State, ...]) -> Finding:
        if vault.trouble:
            return Finding.CORRUPT
        state = state_of(vault)
        if state in allowed:
            return Finding.GOOD
        return Finding.HALF if state.keys() - allowed[0].keys() else Finding.LOST

    def with_fault(
        self, workload: Workload, recorded: Recorded, fault: Fault
    ) -> tuple[bool, Finding]:
        """Live the workload until this call fails; whether it was noticed, and what stands after a new start."""
        self.lay(recorded.base)
        journal = Journal(self.folder, recorded.base, fault=fault)
        vault, done, noticed = self.start(journal), 0, False
        noticed = bool(vault.trouble)
        for act in workload.acts:
            noticed = noticed or not _done(act, vault)
            if noticed:
                break
            done += 1
        vault.close()
        reachable = recorded.states[done : done + 2]
        return noticed or journal.calls <= fault.at, self.judge(self.read(), reachable)[0]

    def lay(self, files: dict[str, bytes]) -> None:
        """The folder holds these files and no others."""
        for old in self.folder.iterdir():
            if old.name not in files:
                old.unlink()
        for name, content in files.items():
            (self.folder / name).write_bytes(content)

    def read(self) -> dict[str, bytes]:
        """What the folder holds."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}


def _done(act: object, vault: Vault) -> bool:
    assert callable(act)
    try:
        act(vault)
    except StorageTrouble:
        return False
    return True


def state_of(vault: Vault) -> State:
    """Every record, opened."""
    rows = vault._rows
    return {name: rows.read(name) or b"" for name in rows.names()}
