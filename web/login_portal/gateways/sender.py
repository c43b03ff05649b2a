"""What every way out can do, and the two ways in which it fails: surely not sent, or nobody knows."""

from __future__ import annotations

from typing import Protocol

from appliance.core.errors import DeskTokenError
from web.login_portal.outbox import Message


class NotSent(DeskTokenError):
    """The message surely did not go out."""


class Unsure(DeskTokenError):
    """The message was handed over and no answer came: it may have gone out. Never tried again by us."""


def say(english: str) -> str:
    """A reason for the service desk, marked for the catalogue; translated when it is shown."""
    return english


class Sender(Protocol):
    """One way out."""

    def send(self, message: Message) -> None:
        """Send it once. May take a minute. Raises NotSent or Unsure."""
