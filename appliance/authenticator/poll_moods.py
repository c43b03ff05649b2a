"""How polling goes for each push token, in words for the courier's pace, and when a server seems to have forgotten one.

A deleted token looks like a wrong signature for ever: only hours of it, with a clock that is right, are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appliance.core.elsewhere import TokenUnknown
from appliance.core.events import Event
from appliance.credentials.privacyidea.replies import HIDDEN, SIGNATURE

HOURS = 4 * 3600.0


class Mood(StrEnum):
    """What a poll was worth."""

    QUIET = "quiet"
    REQUEST = "request"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The news of a refused poll, and what the desk hears of it."""

    news: str
    events: tuple[Event, ...] = ()


class PollMoods:
    """Since when each token is refused, in monotonic seconds. One thread uses it."""

    def __init__(self) -> None:
        self._refused: dict[str, float] = {}
        self._unknown: set[str] = set()

    def well(self, account: str) -> tuple[Event, ...]:
        """The server took a poll."""
        self._refused.pop(account, None)
        if account not in self._unknown:
            return ()
        self._unknown.discard(account)
        return (TokenUnknown(account, unknown=False),)

    def refused(self, account: str, code: int, now: float, *, clock_right: bool) -> Refusal:
        """The server refused one. With a wrong clock that says nothing: the next poll has a better time."""
        if not clock_right:
            self._refused.pop(account, None)
            return Refusal(Mood.AGAIN if code in (SIGNATURE, HIDDEN) else Mood.REFUSED)
        if code not in (SIGNATURE, HIDDEN):
            return Refusal(Mood.REFUSED)
        since = self._refused.setdefault(account, now)
        if now - since < HOURS or account in self._unknown:
            return Refusal(Mood.REFUSED)
        self._unknown.add(account)
        return Refusal(Mood.REFUSED, (TokenUnknown(account, unknown=True),))

    def drop(self, account: str) -> None:
        """The account is gone."""
        self._refused.pop(account, None)
        self._unknown.discard(account)

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._refused.clear()
        self._unknown.clear()
