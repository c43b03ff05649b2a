"""One-time codes from a secret and a moment or a counter that the caller passes. Never reads a clock, keeps no state.

pyotp does the arithmetic behind one function; time is turned into a counter here, in whole Unix seconds, because
pyotp goes through local time. Sources: RFC 4226, RFC 6238.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

import pyotp

from appliance.core.accounts import Code
from appliance.credentials.candidates import Algorithm

DIGESTS = {
    Algorithm.SHA1: hashlib.sha1,
    Algorithm.SHA256: hashlib.sha256,
    Algorithm.SHA512: hashlib.sha512,
}


@dataclass(frozen=True, slots=True)
class Generator:
    """What makes the codes of one account; `period` in seconds counts for timed codes only."""

    secret: bytes = field(repr=False)
    algorithm: Algorithm = Algorithm.SHA1
    digits: int = 6
    period: int = 30


def digits_at(generator: Generator, counter: int) -> str:
    """The digits for this counter (RFC 4226 section 5.3)."""
    text = base64.b32encode(generator.secret).decode()
    digest = DIGESTS[generator.algorithm]
    return pyotp.HOTP(text, digits=generator.digits, digest=digest).at(counter)


def counter_code(account: str, generator: Generator, counter: int, wall: float) -> Code:
    """The code of a counter account, valid from `wall` (Unix seconds) until it is used."""
    return Code(account, digits_at(generator, counter), wall, None)


def timed_code(account: str, generator: Generator, wall: float) -> Code:
    """The code at this Unix time with its own window (RFC 6238 section 4)."""
    step = max(0, int(wall // generator.period))
    begins = float(step * generator.period)
    return Code(account, digits_at(generator, step), begins, begins + generator.period)
