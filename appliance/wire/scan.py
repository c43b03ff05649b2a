"""The scanner's socket: one request, a stream of glances, one answer. The text is untrusted to its receiver."""

from __future__ import annotations

import hashlib

import msgspec

PICTURE_CAP = 12 * 1024 * 1024
TEXT_CAP = 4096


class Look(msgspec.Struct, frozen=True, tag="look"):
    """Look through the camera for at most so many seconds (never more than 60), past texts with these marks."""

    seconds: float
    known: tuple[bytes, ...] = ()


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """Look at this PNG, JPEG or WebP (base64 on the wire), at most 8 MiB."""

    data: bytes


class Seen(msgspec.Struct, frozen=True, tag="seen"):
    """A glance: what the camera saw as packed one-bit rows (1 = light), and a hint (values of `ScanHint`)."""

    hint: str
    width: int
    height: int
    bits: bytes


class Found(msgspec.Struct, frozen=True, tag="found"):
    """The text of the code that was read. The record never prints it."""

    text: str

    def __repr__(self) -> str:
        return "Found(…)"


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Nothing was read; `why` is a value of `core.troubles.Trouble`."""

    why: str


def mark_of(untrusted_text: str) -> bytes:
    """What tells a text from others without saying what it is (SHA-256)."""
    return hashlib.sha256(untrusted_text.encode("utf-8", "surrogatepass")).digest()


Ask = Look | Picture
Answer = Seen | Found | Failed
