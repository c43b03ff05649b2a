"""The book of a sitting: a line of JSON for each device that had its turn, durable before the next one is begun.

Whoever begins again reads it and goes on: a device that is finished is not touched again. Holds no secret.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from appliance.core.errors import DeskTokenError
from firmware_tools.bench.selftest import Report
from firmware_tools.words import _

DISK = _("The disk of this computer is full or broken")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One device finished (`done` with its report), or a sitting that stopped at it and why (an English sentence).

    `seconds` is from plugging in to the label, `person` how many of them somebody had to act.
    """

    serial: str
    done: bool
    name: str = ""
    why: str = ""
    seconds: float = 0.0
    person: float = 0.0
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """The book in this folder."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where it is."""
        return self.folder / "line.jsonl"

    def entries(self) -> tuple[Entry, ...]:
        """All that is written; a line that a power cut tore is left out."""
        try:
            lines = self.file.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        found = []
        for line in lines:
            try:
                found.append(msgspec.json.decode(line, type=Entry))
            except msgspec.DecodeError:
                continue
        return tuple(found)

    def finished(self) -> dict[str, Entry]:
        """The finished devices by serial number."""
        return {entry.serial: entry for entry in self.entries() if entry.done}

    def write(self, entry: Entry) -> None:
        """Add a line, durably. Raises DeskTokenError when the disk is full, and then nothing of it is in the book."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.file.open("ab") as book:
                torn = book.tell() > 0 and not _ends_whole(self.file)
                book.write((b"\n" if torn else b"") + msgspec.json.encode(entry) + b"\n")
                book.flush()
                os.fsync(book.fileno())
        except OSError as full:
            raise DeskTokenError(DISK) from full


def _ends_whole(file: Path) -> bool:
    with file.open("rb") as book:
        book.seek(-1, os.SEEK_END)
        return book.read(1) == b"\n"
