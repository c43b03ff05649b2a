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
    """How the approval is bound to the login page: a hold, two dialled digits, a scanned code, or a picked option."""

    PRESS = "press"
    NUMBER = "number"
    SCAN = "scan"
    CHOICE = "choice"


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


ENDINGS = (Verdict.DENY, Verdict.REPORT, Verdict.BLOCK)


@dataclass(frozen=True, slots=True)
class Request:
    """One open request. `arrived` and `deadline` are monotonic seconds, `issued` is Unix seconds.

    `note` is what an unlock tells of the wrong passwords: when and from where; for a vouch, who links a token.
    `options` are those of which the login page names one. `endings` are the ways of refusing that the server can tell
    apart.
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
    options: tuple[str, ...] = ()
    endings: tuple[Verdict, ...] = ENDINGS
