"""Time-based codes: which step a typed code belongs to. Each step counts once; remembering that is the caller's.

Source: RFC 6238 sections 4 and 5.2; checklist rows 3 and 4.
"""

from __future__ import annotations

import hashlib
import re
from hmac import compare_digest

import pyotp

from appliance.wire.enrolment import OtpSeed

WINDOW = 1
_HASHES = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}


def matching_step(seed: OtpSeed, untrusted_digits: str, now: float, last_step: int) -> int | None:
    """The step within one of now that gives these digits and comes after the last accepted one, or None."""
    typed = re.sub(r"[\s\-]", "", untrusted_digits)[:16]
    if not (typed.isascii() and typed.isdigit() and len(typed) == seed.digits):
        return None
    code = pyotp.TOTP(
        seed.secret, digits=seed.digits, digest=_HASHES[seed.algorithm], interval=seed.period
    )
    current = int(now) // seed.period
    found = None
    for step in range(current - WINDOW, current + WINDOW + 1):
        if compare_digest(code.generate_otp(step), typed) and step > last_step and found is None:
            found = step
    return found
