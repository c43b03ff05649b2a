"""A login (or unlock, or a newcomer to vouch for) that waits for this person, and what they may answer.

The panel shows exactly what will be signed: who, which service, where, when (checklist row 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Asks(StrEnum):
    """What the portal asks for."""

    LOGIN = "login"
    UNLOCK = "unlock"
    VOUCH = "vouch"


class Match(StrEnum):
    """How the approval is bound to the login page: a hold alone, two dialled digits, or a scanned code."""

    PRESS = "press"
    NUMBER = "number"
    SCAN = "scan"


class Verdict(StrEnum):
    """What the person decided. REPORT is "this was not me"; BLOCK also asks for quiet (push fatigue)."""

    APPROVE = "approve"
    DENY = "deny"
    REPORT = "report"
    BLOCK = "block"


class Outcome(StrEnum):
    """How a request ended, as the portal tells it."""

    APPROVED = "approved"
    DENIED = "denied"
    REPORTED = "reported"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CODE = "code"
    MISMATCH = "mismatch"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """One open request. `arrived` and `deadline` are monotonic seconds, `issued` is Unix seconds.

    `note` is what an unlock tells of the wrong passwords: when and from where; for a vouch, who links a token.
    """

    id: str
    account: str
    asks: Asks
    person: str
    service: str
    origin: str
    place: str
    match: Match
    issued: float
    arrived: float
    deadline: float
    note: str = ""
