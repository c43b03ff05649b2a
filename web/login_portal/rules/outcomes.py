"""How a login ends, and what one answer does to it. The words are those of the wire; nothing here reads a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest

LIFE = 120.0
MATCHES = ("press", "number", "scan")


class Outcome(StrEnum):
    """How a request ended, as device and pages are told."""

    APPROVED = "approved"
    DENIED = "denied"
    REPORTED = "reported"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CODE = "code"
    MISMATCH = "mismatch"
    BLOCKED = "blocked"

    @property
    def lets_in(self) -> bool:
        """Whether the browser that waits may go on."""
        return self in {Outcome.APPROVED, Outcome.CODE}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One login that waits, or waited, for its person. `number` is only for the page; times in Unix seconds.

    `asks` is login or unlock; the `note` of an unlock says when and from where the wrong passwords came.
    """

    id: str
    person: str
    service: str
    place: str
    match: str
    number: str = field(repr=False)
    issued: float
    expires: float
    outcome: Outcome | None
    asks: str = "login"
    note: str = ""

    def outcome_at(self, now: float) -> Outcome | None:
        """How it ended, also when nobody has written its expiry down yet; None while it is open."""
        if self.outcome is None and now >= self.expires:
            return Outcome.EXPIRED
        return self.outcome

    def seconds_left(self, now: float) -> int:
        """Whole seconds until it expires, never below zero."""
        return max(0, int(self.expires - now + 0.999))


def question(
    request: str, person: str, service: str, now: float, *, asks: str, note: str, place: str = ""
) -> SignIn:
    """What is asked beside a login: no page waits with a number, so a press of the button answers it."""
    end = now + LIFE
    return SignIn(request, person, service, place, "press", "", now, end, None, asks, note)


def answered(match: str, expected: str, verdict: str, untrusted_match: str) -> Outcome | None:
    """What a verdict makes of a login; None for a verdict that does not exist.

    An approval that does not match the page ends the login: two digits may be guessed once (checklist row 10).
    """
    if verdict == "deny":
        return Outcome.DENIED
    if verdict == "report":
        return Outcome.REPORTED
    if verdict == "block":
        return Outcome.BLOCKED
    if verdict != "approve":
        return None
    if match == "press":
        return Outcome.APPROVED
    same = compare_digest(expected.encode(), untrusted_match.encode())
    return Outcome.APPROVED if expected and same else Outcome.MISMATCH
