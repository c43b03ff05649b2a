"""Messages on a serial line: one JSON object, then a NUL byte, as on the control socket. Pure.

A serial line has noise and no end of file, so what is too long is thrown away up to the next NUL and never kept.
"""

from __future__ import annotations

from dataclasses import dataclass

END = b"\0"
CAP = 4096


@dataclass(frozen=True, slots=True)
class Pending:
    """The beginning of a message that is not complete; `lost` while one that was too long is being skipped."""

    begun: bytes = b""
    lost: bool = False


def feed(pending: Pending, untrusted: bytes) -> tuple[Pending, tuple[bytes, ...]]:
    """Take what came in; the complete messages of at most 4 KiB come out."""
    *ended, rest = untrusted.split(END)
    messages = []
    for part in ended:
        message = pending.begun + part
        if not pending.lost and 0 < len(message) <= CAP:
            messages.append(message)
        pending = Pending()
    begun = pending.begun + rest
    if pending.lost or len(begun) > CAP:
        return Pending(lost=True), tuple(messages)
    return Pending(begun), tuple(messages)
