"""What a disk was told, write by write, and what it holds when the power goes at one of them.

The log is QEMU's blklogwrites, in the form of Linux's dm-log-writes. A flush is logged when it is done; a write that
was under way beside it may stand before it in the log, so the prefix of a flush is what the disk had been told by then.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

SUPER, ENTRY = struct.Struct("<QQQI"), struct.Struct("<QQQQ")
MAGIC = 0x6A736677736872
SECTOR = 512
FLUSH, DISCARD = 1, 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One order to the disk; `place` is where its bytes lie in the log."""

    sector: int
    sectors: int
    flags: int
    place: int

    @property
    def flushes(self) -> bool:
        """Everything that was acknowledged before is safe now."""
        return bool(self.flags & FLUSH)

    @property
    def writes(self) -> bool:
        """It brings bytes."""
        return self.sectors > 0 and not self.flags & DISCARD


def read(log: Path) -> tuple[Entry, ...]:
    """All orders so far, also while the machine runs."""
    found: list[Entry] = []
    with log.open("rb") as file:
        if SUPER.unpack(file.read(SUPER.size))[0] != MAGIC:
            return ()
        place = SECTOR
        while True:
            file.seek(place)
            head = file.read(ENTRY.size)
            if len(head) < ENTRY.size or not any(head):
                return tuple(found)
            sector, sectors, flags, _ = ENTRY.unpack(head)
            entry = Entry(sector, sectors, flags, place + SECTOR)
            found.append(entry)
            place = entry.place + (sectors * SECTOR if entry.writes else 0)


@dataclass(frozen=True, slots=True)
class Cut:
    """The power goes when `at` orders are logged: the first `kept` are on the disk, and so are these later ones.

    A disk's cache holds the newest of a sector, so what a disk writes in another order is a choice of its writes too.
    `torn` are the sectors of the last of `later` that arrived; without it that write is whole.
    """

    kept: int
    later: tuple[int, ...]
    at: int
    torn: range | None = None

    @property
    def flush(self) -> bool:
        """The disk kept what it was asked to flush, and no more."""
        return not self.later

    @property
    def reached(self) -> int:
        """No order from here on has left a trace."""
        return self.later[-1] + 1 if self.later else self.kept


def boundaries(entries: tuple[Entry, ...], begin: int) -> tuple[int, ...]:
    """How many orders are logged after each flush that had something to flush, from `begin` on."""
    found, dirty = [begin], False
    for number in range(begin, len(entries)):
        dirty = dirty or entries[number].writes
        if dirty and entries[number].flushes:
            found.append(number + 1)
            dirty = False
    return tuple(found)


def cuts(entries: tuple[Entry, ...], begin: int, subsets: int, tears: int) -> Iterator[Cut]:
    """Every boundary of a flush at its worst moment, just before the next flush; behind each, so many random cuts,
    and so many whose last write is torn between two sectors.
    """
    places = (*boundaries(entries, begin), len(entries) + 1)
    for kept, following in pairwise(places):
        last = following - 1
        yield Cut(kept, (), last)
        for number in range(subsets):
            chance = Random(f"{kept} {number}")
            at = chance.randint(kept, last)
            later = some(entries, kept, at, chance)
            if later:
                yield Cut(kept, later, at)
        for number in range(tears):
            yield from torn(entries, kept, last, Random(f"{kept} torn {number}"))


def torn(entries: tuple[Entry, ...], kept: int, last: int, chance: Random) -> Iterator[Cut]:
    """Of the writes before `last` one is torn; of those before it there is a random half."""
    wide = [
        n
        for n in range(kept, min(last, len(entries)))
        if entries[n].writes and entries[n].sectors > 1
    ]
    if not wide:
        return
    victim = chance.choice(wide)
    at = chance.randint(victim + 1, last)
    later = (*some(entries, kept, victim, chance), victim)
    yield Cut(kept, later, at, tear(entries[victim], chance))


def tear(entry: Entry, chance: Random) -> range:
    """The sectors on one side of a random place within this write."""
    place = chance.randrange(1, entry.sectors)
    return chance.choice((range(place), range(place, entry.sectors)))


def some(entries: tuple[Entry, ...], start: int, end: int, chance: Random) -> tuple[int, ...]:
    """A random half of the writes from `start` to before `end`."""
    writes = (number for number in range(start, end) if entries[number].writes)
    return tuple(number for number in writes if chance.random() < 0.5)


class Replay:
    """An image of the disk that moves on with the log, from the empty disk it began with."""

    def __init__(self, log: Path, blank: Path, image: Path) -> None:
        self._log, self._image = log, image
        self.entries = read(log)
        self._done = 0
        shutil.copyfile(blank, image)

    def forward(self, end: int) -> None:
        """Everything before order `end` is on the image; it never goes back."""
        self._put(self._image, range(self._done, end))
        self._done = max(self._done, end)

    def leaves(self, cut: Cut, to: Path) -> Path:
        """The disk after this cut; the cuts must come in the order of what they keep."""
        self.forward(cut.kept)
        shutil.copyfile(self._image, to)
        if cut.torn is None:
            self._put(to, cut.later)
        else:
            *whole, victim = cut.later
            self._put(to, whole)
            self._put(to, (victim,), cut.torn)
        return to

    def _put(self, image: Path, numbers: Iterable[int], part: range | None = None) -> None:
        with self._log.open("rb") as log, image.open("r+b") as disk:
            for entry in (self.entries[number] for number in numbers):
                sectors = part or range(entry.sectors)
                if entry.writes:
                    log.seek(entry.place + sectors.start * SECTOR)
                    disk.seek((entry.sector + sectors.start) * SECTOR)
                    disk.write(log.read(len(sectors) * SECTOR))
