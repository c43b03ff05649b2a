"""One row of the list of tokens that the portal writes and the technician's tool reads: what the portal knows of each.

It carries no key and no seed. Times are UTC, as 2026-11-23T11:40:00Z; `seen` is empty for a token never heard.
"""

from __future__ import annotations

import msgspec


class PortalToken(msgspec.Struct, frozen=True):
    """One person's token. A box that several people share has several of them, with one serial number."""

    token: str
    person: str
    serial: str
    software: str
    storage: str
    clock: str
    linked: str
    seen: str
    state: str


COLUMNS = PortalToken.__struct_fields__
LINKED, REVOKED = "linked", "revoked"
