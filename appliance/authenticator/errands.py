"""Errands: what the courier must carry, repeated until it is answered or its time is up.

Decides when an errand is tried again and when it is given up; never reads what is inside. `Outbox` is the only
part that other threads touch. Every time is in monotonic seconds.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlencode

from appliance.core.troubles import Trouble
from appliance.wire.carrying import Errand, ErrandDone

PASSING = frozenset({Trouble.NO_NETWORK, Trouble.PORTAL_DOWN, Trouble.TIMEOUT})
NO_REPLY = 15.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0
MOST_WAITING = 32


class Matter(Enum):
    """What an errand is about."""

    OFFER = "offer"
    CARD = "card"
    CONFIRM = "confirm"
    ANSWER = "answer"
    PROFILE = "profile"
    FAREWELL = "farewell"
    ROLLOUT = "rollout"
    CHECK = "check"
    PUSH_ANSWER = "push-answer"
    DOORBELL = "doorbell"
    NEW_ADDRESS = "new-address"
    REGISTER = "register"
    CHALLENGE = "challenge"
    SYNCHRONISE = "synchronise"
    TERMINATE = "terminate"
    ROLLOVER = "rollover"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Whom the result is for: `subject` is the request's id, the account, or the number of the enrolment."""

    matter: Matter
    subject: str


@dataclass(frozen=True, slots=True)
class Carried:
    """How an errand ended: an HTTP status with its body, or trouble."""

    purpose: Purpose
    status: int = 0
    body: str = ""
    trouble: Trouble | None = None
    server_time: float = 0.0


class Outbox:
    """Errands ready to be carried; the courier's calls wait here."""

    def __init__(self) -> None:
        self._ready: deque[Errand] = deque(maxlen=MOST_WAITING)
        self._changed = threading.Condition()

    def put(self, errand: Errand) -> None:
        """Let the next caller have it."""
        with self._changed:
            self._ready.append(errand)
            self._changed.notify()

    def take(self, wait: float) -> Errand | None:
        """The next errand, waiting up to so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._ready), wait)
            return self._ready.popleft() if self._ready else None

    def clear(self) -> None:
        """Forget all of it."""
        with self._changed:
            self._ready.clear()


@dataclass(frozen=True, slots=True)
class _Open:
    errand: Errand
    purpose: Purpose
    deadline: float
    again: float
    pause: float = FIRST_PAUSE
    trouble: Trouble = Trouble.PORTAL_DOWN
    once: bool = False


class Errands:
    """The errands under way. One thread uses it."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._open: dict[str, _Open] = {}

    def send(
        self, purpose: Purpose, errand: Errand, now: float, patience: float, *, once: bool = False
    ) -> None:
        """Have it carried, and carried again after a lost reply, for at most `patience` seconds.

        What may arrive only `once` is carried again only when it cannot have arrived: nobody was reached at all.
        """
        again = now + (patience if once else NO_REPLY)
        self._open[errand.id] = _Open(errand, purpose, now + patience, again, once=once)
        self._outbox.put(errand)

    def done(self, report: ErrandDone, now: float) -> Carried | None:
        """What a report means: an end, or (None) nothing yet, because it is tried again or nobody waits for it."""
        known = self._open.get(report.id)
        if known is None:
            return None
        trouble = _trouble_of(report)
        passing = PASSING & {Trouble.NO_NETWORK} if known.once else PASSING
        if trouble in passing and now + known.pause < known.deadline:
            pause = min(2 * known.pause, LONGEST_PAUSE)
            self._open[report.id] = replace(
                known, again=now + known.pause, pause=pause, trouble=trouble
            )
            return None
        del self._open[report.id]
        return Carried(known.purpose, report.status, report.body, trouble, report.server_time)

    def tick(self, now: float) -> tuple[Carried, ...]:
        """Repeat what is due; the errands that were given up come back with their trouble."""
        given_up = []
        for name, known in tuple(self._open.items()):
            if now >= known.deadline:
                del self._open[name]
                given_up.append(Carried(known.purpose, trouble=known.trouble))
            elif now >= known.again:
                pause = known.deadline - now if known.once else NO_REPLY
                self._open[name] = replace(known, again=now + pause)
                self._outbox.put(known.errand)
        return tuple(given_up)

    def busy_with(self, matter: Matter) -> bool:
        """Whether such an errand is still under way."""
        return any(known.purpose.matter is matter for known in self._open.values())

    def forget(self) -> None:
        """Nobody waits for anything any more (after a reset)."""
        self._open.clear()
        self._outbox.clear()

    def drop(self, subject: str) -> None:
        """Nobody waits for this subject any more."""
        for name, known in tuple(self._open.items()):
            if known.purpose.subject == subject:
                del self._open[name]


def form_errand(url: str, form: Mapping[str, str], *, unchecked: bool = False) -> Errand:
    """A new errand that posts a form."""
    kind = "application/x-www-form-urlencoded"
    return Errand(os.urandom(12).hex(), "POST", url, urlencode(form), kind, unchecked)


def json_errand(url: str, body: str, *, unchecked: bool = False) -> Errand:
    """A new errand that posts JSON."""
    return Errand(os.urandom(12).hex(), "POST", url, body, "application/json", unchecked)


def errand(verb: str, url: str, body: str = "", *, unchecked: bool = False) -> Errand:
    """A new errand; its id is random, so a late report of an old one cannot pass for it."""
    return Errand(os.urandom(12).hex(), verb, url, body, unchecked=unchecked)


def _trouble_of(report: ErrandDone) -> Trouble | None:
    if report.trouble:
        known = report.trouble in tuple(Trouble)
        return Trouble(report.trouble) if known else Trouble.PORTAL_DOWN
    if report.status == 429 or not 200 <= report.status < 500:
        return Trouble.PORTAL_DOWN
    return None
