"""What a scanned code could become, before anybody held the button. Owns the limits every import must satisfy.

A candidate lives in memory only; its secret never prints and never leaves the authenticator.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from enum import StrEnum

from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.core.troubles import Trouble

LEAST_SECRET, MOST_SECRET = 16, 128
LONGEST_NAME = 128
LONGEST_PERIOD = 31 * 86_400
SALTS, OUTPUTS, MOST_ROUNDS = range(8, 65), (20, 32, 64), 200_000
LARGEST_COUNTER = 2**63 - 1


class Algorithm(StrEnum):
    """The hash under the code."""

    SHA1 = "SHA1"
    SHA256 = "SHA256"
    SHA512 = "SHA512"


class NotTaken(Refused):
    """A scanned text that we do not take; `why` is a kind of trouble that the panel has a cure for."""

    def __init__(self, why: Trouble, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True)
class TwoStep:
    """The device must add bytes of its own: so many of salt, so many in the final secret, after so many rounds."""

    salt: int
    output: int
    rounds: int


@dataclass(frozen=True, slots=True)
class OtpCandidate:
    """One code generator as it was scanned; `counter` is used by HOTP only, `period` by TOTP only.

    `must_pin` says that the service wants a PIN before a code is shown, `serial` is its own name for the token.
    """

    kind: Kind
    label: str
    issuer: str
    secret: bytes = field(repr=False)
    algorithm: Algorithm = Algorithm.SHA1
    digits: int = 6
    period: int = 30
    counter: int = 0
    must_pin: bool = False
    two_step: TwoStep | None = None
    serial: str = ""


def not_ours(sentence: str = "This code is not complete") -> NotTaken:
    """The refusal for a text that is not, or not quite, what a service hands out."""
    return NotTaken(Trouble.NOT_LOGIN_QR, sentence)


def checked(candidate: OtpCandidate) -> OtpCandidate:
    """The same candidate, when every value is inside our limits (checklist rows 1 and 38). Raises NotTaken."""
    if len(candidate.secret) < LEAST_SECRET:
        raise NotTaken(Trouble.WEAK_SECRET, "The secret in this code is too short to be safe")
    if len(candidate.secret) > MOST_SECRET:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    if max(len(candidate.label), len(candidate.issuer)) > LONGEST_NAME:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    if candidate.digits not in range(6, 9):
        raise not_ours("This code asks for a number of digits that we do not show")
    if not 1 <= candidate.period <= LONGEST_PERIOD:
        raise not_ours("This code asks for a period that we do not keep")
    if not 0 <= candidate.counter <= LARGEST_COUNTER:
        raise not_ours()
    step = candidate.two_step
    if step is not None and not _is_possible(step):
        raise not_ours("This code asks for a method that we do not know")
    return candidate


def _is_possible(step: TwoStep) -> bool:
    return step.salt in SALTS and step.output in OUTPUTS and 1 <= step.rounds <= MOST_ROUNDS


def secret_of(untrusted_base32: str) -> bytes:
    """The bytes of a base32 secret; spaces, dashes and lower case are allowed. Raises NotTaken."""
    if len(untrusted_base32) > 512:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    tight = untrusted_base32.replace(" ", "").replace("-", "").rstrip("=")
    if not tight.isascii():
        raise not_ours("The secret in this code is not valid")
    try:
        return base64.b32decode(tight.upper() + "=" * (-len(tight) % 8))
    except (binascii.Error, ValueError) as wrong:
        raise not_ours("The secret in this code is not valid") from wrong
