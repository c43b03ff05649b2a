"""The one file of an update: a plain tar of signed metadata and packages, in one canonical form.

Only the form that `pack` writes is read back: each header must be, byte for byte, the one that its name and size
give. So there are no links, folders, holes, extensions or second names to be wrong about, and two builds of the same
release are the same file. Nothing here believes what is inside.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from appliance.core.errors import Refused
from appliance.wire.bundle import LARGEST_BUNDLE, NOT_ONE, _

BLOCK, MODE = 512, 0o644
END = bytes(2 * BLOCK)
MOST_MEMBERS, LONGEST_NAME = 256, 140
CUT_SHORT = _("The update is not complete. Send it again.")
PLAIN = re.compile(r"(metadata|targets|targets/wheels)/[A-Za-z0-9_][A-Za-z0-9_.!+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Member:
    """Where one member's bytes lie in the archive."""

    at: int
    size: int


def pack(out: BinaryIO, members: Iterable[tuple[str, bytes]], made: int) -> None:
    """Write these members, which must come sorted by name, with this time on each. Raises ValueError for a bad name."""
    for name, content in members:
        padding = bytes(-len(content) % BLOCK)
        out.write(_header(name, len(content), made) + content + padding)
    out.write(END)


def index(untrusted: BinaryIO, size: int) -> Mapping[str, Member]:
    """What lies where in this archive of so many bytes; reads headers only. Raises Refused."""
    if size > LARGEST_BUNDLE:
        raise Refused("The update is too big")
    found: dict[str, Member] = {}
    at, last, made = 0, "", -1
    while True:
        header = _read(untrusted, at, min(BLOCK, size - at))
        if header == bytes(BLOCK):
            return _ended(untrusted, found, at, size)
        name, length, made = _opened(header, made)
        at += BLOCK
        if name <= last or len(found) == MOST_MEMBERS:
            raise Refused(NOT_ONE)
        found[name] = Member(at, length)
        at, last = at + length + (-length % BLOCK), name
        if at > size:
            raise Refused(CUT_SHORT)
        if _read(untrusted, at - (-length % BLOCK), -length % BLOCK).strip(b"\0"):
            raise Refused(NOT_ONE)


def read(untrusted: BinaryIO, member: Member, most: int) -> bytes:
    """One small member whole. Raises Refused when it is larger than it may be."""
    if member.size > most:
        raise Refused(NOT_ONE)
    return _read(untrusted, member.at, member.size)


def _header(name: str, size: int, made: int) -> bytes:
    if len(name) > LONGEST_NAME or not PLAIN.fullmatch(name):
        raise ValueError("This name cannot stand in a bundle")
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, made, MODE
    return entry.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def _opened(untrusted: bytes, made: int) -> tuple[str, int, int]:
    """Name, size and time of a header; every header of an archive carries the same time."""
    if len(untrusted) < BLOCK:
        raise Refused(CUT_SHORT)
    try:
        size, time = int(untrusted[124:135], 8), int(untrusted[136:147], 8)
        last = untrusted[:100].rstrip(b"\0").decode("ascii")
        first = untrusted[345:500].rstrip(b"\0").decode("ascii")
        name = f"{first}/{last}" if first else last
        canonical = _header(name, size, time)
    except (ValueError, UnicodeError) as wrong:
        raise Refused(NOT_ONE) from wrong
    if canonical != untrusted or made not in (-1, time):
        raise Refused(NOT_ONE)
    return name, size, time


def _ended(
    untrusted: BinaryIO, found: dict[str, Member], at: int, size: int
) -> Mapping[str, Member]:
    """Behind the last member stand two empty blocks, and nothing else."""
    if size < at + len(END):
        raise Refused(CUT_SHORT)
    if size != at + len(END) or _read(untrusted, at, len(END)) != END:
        raise Refused(NOT_ONE)
    return found


def _read(untrusted: BinaryIO, at: int, size: int) -> bytes:
    untrusted.seek(at)
    content = untrusted.read(size)
    if len(content) != size:
        raise Refused(CUT_SHORT)
    return content
