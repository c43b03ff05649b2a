"""Checks an exported audit log offline: every line bound to the one before it by its hash, none missing in between.

The first line's own `before` is the anchor: what was older was dropped by the device, which keeps the newest entries.
Knows no secret and needs none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from appliance.wire.audit import Entry
from firmware_tools.words import _


class Checked(msgspec.Struct, frozen=True):
    """How many lines hold together, which line breaks the chain (0: none) and why, and the hash of the last good one.

    The `before` of the first entry that the device writes after this export is that hash.
    """

    lines: int
    broken: int
    why: str
    last: str


def check(untrusted_lines: Iterable[bytes]) -> Checked:
    """Follow the chain from the first line to the last."""
    number, count, last = 0, 0, ""
    for count, line in enumerate(untrusted_lines, 1):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, RecursionError):
            return Checked(count - 1, count, _("it is no entry"), last)
        if count > 1 and entry.number != number + 1:
            return Checked(count - 1, count, _("an entry is missing before it"), last)
        if count > 1 and entry.before != last:
            return Checked(count - 1, count, _("the entry before it was changed"), last)
        number, last = entry.number, hashlib.sha256(line).hexdigest()
    return Checked(count, 0, "", last)
