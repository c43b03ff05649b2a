"""The stages of linking a token, and how an address is shown to somebody who should not learn it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TICKET_LIFE = 600.0
CONFIRM_TRIES = 5
SERVICE_DESK = "Service desk"


class Stage(StrEnum):
    """How far a ticket has come; DEAD covers used up, replaced and expired."""

    SHOWN = "shown"
    SCANNED = "scanned"
    SENT = "sent"
    LINKED = "linked"
    DEAD = "dead"


class Way(StrEnum):
    """How the confirm code reaches the person: as a text message, on paper, by voice, or by a colleague's word."""

    SMS = "sms"
    LETTER = "letter"
    SPOKEN = "spoken"
    COLLEAGUE = "colleague"


LIVES = {"screen": TICKET_LIFE, "mail": 3 * 86400.0, "paper": 14 * 86400.0}
MESSAGES, MESSAGE_WINDOW, MESSAGE_REST = 5, 3600.0, 30.0


def message_wait(sent: list[float], now: float) -> int:
    """Whole seconds until this person may get another confirm code by SMS: five an hour, half a minute apart."""
    recent = sorted(at for at in sent if at > now - MESSAGE_WINDOW)
    if not recent:
        return 0
    rest = recent[-1] + MESSAGE_REST - now
    full = recent[-MESSAGES] + MESSAGE_WINDOW - now if len(recent) >= MESSAGES else 0.0
    return max(0, int(max(rest, full) + 0.999))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One ticket without its secret. Times in Unix seconds."""

    id: str
    person: str
    stage: Stage
    expires: float
    tries_left: int
    sent_to: str

    def stage_at(self, now: float) -> Stage:
        """The stage, also when its expiry has not been written down; a finished link stays finished."""
        if now >= self.expires and self.stage is not Stage.LINKED:
            return Stage.DEAD
        return self.stage

    def seconds_left(self, now: float) -> int:
        """Whole seconds until it expires, never below zero."""
        return max(0, int(self.expires - now + 0.999))


def masked(phone: str) -> str:
    """A telephone number as a stranger may see it: its last two digits, or the service desk when there is none."""
    digits = [sign for sign in phone if sign.isdigit()]
    return f"*** {''.join(digits[-2:])}" if len(digits) >= 6 else SERVICE_DESK
