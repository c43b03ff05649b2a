"""What the updater remembers over a power cut: the trusted metadata, the newest version that ran, and the last result.

One small file, written whole and durable before anything relies on it; python-tuf's own files are not used, because
it does not sync them. The file only ever moves forward: an older book is never written over a newer one.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from appliance.core.errors import StorageTrouble
from appliance.updater.guard import Calls, put
from appliance.wire.bundle import _
from appliance.wire.bundle_trust import Known

FILE = "book.json"
NO_BOOK = _("The updater cannot read its own records")
NO_DISK = _("The card does not take what is written to it")


class Outcome(msgspec.Struct, frozen=True):
    """How the last update ended: which version was tried, and why it did not stay (empty when it did)."""

    version: str
    trouble: str = ""


class Book(msgspec.Struct, frozen=True):
    """The whole of it. `highest` is the newest version that was confirmed here, empty before the first."""

    known: Known
    highest: str = ""
    last: Outcome | None = None


def open_book(state: Path, shipped_root: Path) -> Book:
    """The book as it stands, or a new one that trusts the keys the device came with. Raises StorageTrouble."""
    try:
        content = (state / FILE).read_bytes()
    except FileNotFoundError:
        return Book(Known(_shipped(shipped_root)))
    except OSError as wrong:
        raise StorageTrouble(NO_BOOK) from wrong
    try:
        return msgspec.json.decode(content, type=Book)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise StorageTrouble(NO_BOOK) from wrong


def write_book(state: Path, book: Book, calls: Calls = os) -> None:
    """Durable when it returns. Raises StorageTrouble."""
    try:
        put(state / FILE, msgspec.json.encode(book), calls)
    except OSError as wrong:
        raise StorageTrouble(NO_DISK) from wrong


def _shipped(root: Path) -> bytes:
    try:
        return root.read_bytes()
    except OSError as none:
        raise StorageTrouble("This token has no keys to check updates with") from none
