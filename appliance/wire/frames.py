"""Frames of the technician's line: a call or a reply with its number, length and checksums. Pure, for both ends.

A frame is `DTL1 | kind | sequence (4) | length (2) | check of the head (2) | body | CRC-32 (4)`, numbers big-endian.
The check is the low half of the CRC-32 of the ten bytes before it; the last CRC-32 is of everything before it. A length
is believed only when its head's check fits, so noise cannot make an end wait for kilobytes that never come. After a
frame that breaks its promise the search goes on one byte further: what was whole inside the noise is found.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum

MAGIC = b"DTL1"
CAP = 32 * 1024
TRIES, TRY_SECONDS, GAP_SECONDS = 5, 2.0, 0.5
_HEAD = struct.Struct(">4sBIH")
_CHECK, _END = struct.Struct(">H"), struct.Struct(">I")
_SHORTEST = _HEAD.size + _CHECK.size + _END.size


class Kind(IntEnum):
    """Who speaks: the technician's computer calls, the device replies."""

    CALL = 1
    REPLY = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One message. The body is JSON of `call.Call` or `call.Reply` and may hold a Wi-Fi password: it never prints."""

    kind: Kind
    sequence: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """The beginning of a frame that is not complete: at most one frame long."""

    begun: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the device replied last, so that a call whose reply was lost is answered again and never done again."""

    sequence: int = -1
    reply: bytes = field(default=b"", repr=False)


def pack(frame: Frame) -> bytes:
    """The frame as it goes over the line. Raises ValueError for a body beyond the cap."""
    if len(frame.body) > CAP:
        raise ValueError("a frame holds at most 32 KiB")
    head = _HEAD.pack(MAGIC, frame.kind, frame.sequence, len(frame.body))
    checked = head + _CHECK.pack(zlib.crc32(head) & 0xFFFF) + frame.body
    return checked + _END.pack(zlib.crc32(checked))


def feed(pending: Pending, untrusted: bytes) -> tuple[Pending, tuple[Frame, ...]]:
    """Take what came in, in whatever pieces; the whole frames come out in order, noise is dropped."""
    rest = pending.begun + untrusted
    found: list[Frame] = []
    while True:
        rest = _from_magic(rest)
        size = _size(rest)
        if size is None:
            rest = rest[1:]
        elif len(rest) < size:
            return Pending(rest), tuple(found)
        else:
            frame = _opened(rest[:size])
            found += [frame] if frame else []
            rest = rest[size:] if frame else rest[1:]


def silent(pending: Pending) -> tuple[Pending, tuple[Frame, ...]]:
    """Nothing came for `GAP_SECONDS`: the frame that had begun is lost, a whole one behind its beginning is not."""
    found: list[Frame] = []
    while pending.begun:
        pending, more = feed(Pending(), pending.begun[1:])
        found += more
    return pending, tuple(found)


def _from_magic(rest: bytes) -> bytes:
    """Drop what cannot begin a frame; a beginning of the magic at the very end is kept."""
    at = rest.find(MAGIC)
    if at >= 0:
        return rest[at:]
    keep = next((n for n in range(len(MAGIC) - 1, 0, -1) if rest.endswith(MAGIC[:n])), 0)
    return rest[len(rest) - keep :]


def _size(rest: bytes) -> int | None:
    """How long this frame is in all, as far as that is known; None when it cannot be one."""
    head = rest[: _HEAD.size]
    if len(rest) < _HEAD.size + _CHECK.size:
        return _SHORTEST
    _magic, kind, _sequence, length = _HEAD.unpack(head)
    (check,) = _CHECK.unpack_from(rest, _HEAD.size)
    if check != zlib.crc32(head) & 0xFFFF or length > CAP or kind not in tuple(Kind):
        return None
    return _SHORTEST + int(length)


def _opened(whole: bytes) -> Frame | None:
    checked, (end,) = whole[: -_END.size], _END.unpack(whole[-_END.size :])
    if zlib.crc32(checked) != end:
        return None
    _magic, kind, sequence, _length = _HEAD.unpack_from(checked)
    return Frame(Kind(kind), sequence, checked[_HEAD.size + _CHECK.size :])
