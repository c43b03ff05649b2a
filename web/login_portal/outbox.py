"""The demo's text-message gateway: messages go to a table and a file, and nowhere else. A real gateway sends instead.

What stands here is secret for as long as it is valid; the file is for the portal's user alone.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, insert, select

from web.login_portal.store.database import Writing
from web.login_portal.store.schema import outbox

FILE = "outbox.txt"
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Message:
    """One text message, or one mail when it has a subject. `at` is Unix seconds; `person` is whom it concerns.

    `picture` is a PNG that goes with a mail.
    """

    at: float
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    person: str = ""
    subject: str = ""
    picture: bytes = field(default=b"", repr=False)


class Gateway(Protocol):
    """How text messages leave the portal."""

    def send(self, writing: Writing, message: Message) -> None:
        """Send this once the transaction is durable."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The default gateway: keeps every message where the demo can show it."""

    folder: Path

    def send(self, writing: Writing, message: Message) -> None:
        """Write the message down; the file gets its line once the row is durable."""
        row = {"at": message.at, "recipient": message.recipient, "text": message.text}
        writing.execute(insert(outbox).values(**row))
        writing.afterwards.append(lambda: self._append(message))

    def _append(self, message: Message) -> None:
        """The row stands; a file that cannot be written, as on a full disk, is no reason to fail."""
        with suppress(OSError):
            self._write(message)

    def _write(self, message: Message) -> None:
        handle = os.open(self.folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"{message.recipient}\t{message.text}\n".encode())
        finally:
            os.close(handle)


def latest(reading: Connection) -> list[Message]:
    """The last messages, newest first."""
    rows = reading.execute(select(outbox).order_by(outbox.c.id.desc()).limit(SHOWN))
    return [Message(row.at, row.recipient, row.text) for row in rows]
