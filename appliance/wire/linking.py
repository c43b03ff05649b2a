"""What the device page may say while an account is being linked, besides the code from an SMS.

A part of the control socket (ipc.py).
"""

from __future__ import annotations

import msgspec

from appliance.wire.call import Done, Rows


class Words(msgspec.Struct, frozen=True):
    """Page: the words that a server asks for; they count only while the panel asks for them."""

    words: str

    def __repr__(self) -> str:
        return "Words(…)"


OF_PAGE: Rows = {"Words": (Words, Done)}
