"""How polling goes for each push token, in words for the courier's pace, and when a server seems to have forgotten one.

A deleted token looks like a wrong signature for ever: only hours of it, with a clock that is right, are told. Those
hours are kept through a restart, with a write every twenty minutes of refusal and one when it is over.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from appliance.authenticator.vault import Vault
from appliance.core.elsewhere import TokenUnknown
from appliance.core.errors import StorageTrouble
from appliance.core.events import Event
from appliance.credentials.privacyidea.replies import HIDDEN, SIGNATURE

HOURS, A_WRITE = 4 * 3600.0, 1200.0
log = logging.getLogger("authenticator")


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


@dataclass(slots=True)
class _Count:
    """For how many seconds a token has been refused, since which refusal (monotonic), and how many are stored."""

    seconds: float
    stored: float | None
    last: float | None = None
    told: bool = False


class PollMoods:
    """How long each token has been refused. One thread uses it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._counts: dict[str, _Count] = {}

    def well(self, account: str) -> tuple[Event, ...]:
        """The server took a poll."""
        count = self._count(account)
        if count.stored is not None:
            self._write(account, None)
        self._counts[account] = _Count(0.0, None)
        return (TokenUnknown(account, unknown=False),) if count.told else ()

    def refused(self, account: str, code: int, now: float, *, clock_right: bool) -> Refusal:
        """The server refused one. With a wrong clock that says nothing: the next poll has a better time."""
        count = self._count(account)
        if not clock_right:
            count.last = None
            return Refusal(Mood.AGAIN if code in (SIGNATURE, HIDDEN) else Mood.REFUSED)
        if code not in (SIGNATURE, HIDDEN):
            return Refusal(Mood.REFUSED)
        count.seconds += 0.0 if count.last is None else now - count.last
        count.last = now
        if count.stored is None or count.seconds >= count.stored + A_WRITE:
            count.stored = count.seconds
            self._write(account, count.seconds)
        if count.seconds < HOURS or count.told:
            return Refusal(Mood.REFUSED)
        count.told = True
        return Refusal(Mood.REFUSED, (TokenUnknown(account, unknown=True),))

    def drop(self, account: str) -> None:
        """The account is gone, and what was stored of it went with it."""
        self._counts.pop(account, None)

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._counts.clear()

    def _count(self, account: str) -> _Count:
        if account not in self._counts:
            try:
                stored = self._vault.read(_name(account), float)
            except StorageTrouble:
                stored = None
            self._counts[account] = _Count(stored or 0.0, stored)
        return self._counts[account]

    def _write(self, account: str, seconds: float | None) -> None:
        """A disk that takes nothing loses the count at the next restart, and nothing else."""
        content = None if seconds is None else msgspec.json.encode(seconds)
        try:
            self._vault.write({_name(account): content})
        except StorageTrouble as trouble:
            log.info("refusals not stored: %s", trouble)


def _name(account: str) -> str:
    return f"refused/{account}"
