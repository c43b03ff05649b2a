"""Who is in: at most one browser at a time, for at most half an hour, known by a number nobody can guess.

Sessions live in memory only and end with the process or when the page closes. Source: checklist row 24.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from threading import Lock

IDLE, TOTAL = 5 * 60.0, 30 * 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """One admitted browser: its id for the cookie and its token for the forms (both 256 bits), times in seconds."""

    id: str = field(repr=False)
    token: str = field(repr=False)
    began: float
    touched: float

    def holds_at(self, at: float) -> bool:
        """Whether it is neither too old nor too long unused."""
        return at - self.touched < IDLE and at - self.began < TOTAL


class Doorman:
    """Keeps the one session. `door_token` is the form token for whoever is not in yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._session: Session | None = None
        self.door_token = secrets.token_urlsafe(32)

    def admit(self, at: float) -> Session:
        """A new session with a new id; whoever was in before is out."""
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), at, at)
        with self._lock:
            self._session = session
        return session

    def known(self, untrusted_id: str, at: float, *, touch: bool = True) -> Session | None:
        """The session of this id, if it still holds; `touch` counts this as use."""
        with self._lock:
            session = self._session
            if session is None or not session.holds_at(at):
                self._session = None
                return None
            if not secrets.compare_digest(untrusted_id.encode(), session.id.encode()):
                return None
            if touch:
                self._session = session = replace(session, touched=at)
            return session

    def end(self) -> None:
        """Nobody is in any more."""
        with self._lock:
            self._session = None
