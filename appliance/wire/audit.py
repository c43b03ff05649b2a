"""One line of an exported audit log: the device writes it, the technician's tool checks it. No place for a secret."""

from __future__ import annotations

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened, at this Unix time as the device knew it, and the hash of the entry before."""

    number: int
    wall: float
    trust: str
    what: str
    about: str
    before: str
