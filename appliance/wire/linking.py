"""What the device page may say while an account is being linked, besides the code from an SMS.

A part of the control socket (ipc.py).
"""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True):
    """Page: the words that a server asks for; they count only while the panel asks for them."""

    words: str

    def __repr__(self) -> str:
        return "Words(…)"


def of_page(
    done: type[msgspec.Struct],
) -> dict[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]]:
    """The page's calls."""
    return {"Words": (Words, done)}
