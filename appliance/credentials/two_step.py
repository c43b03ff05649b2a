"""Two-step enrolment: the device adds random bytes of its own, and a person types them into the server.

Neither the QR code nor the typed text alone gives the secret. Source: privacyIDEA 3.14, seen on the real server: the
password is the lower-case hex text of the QR's secret, and PBKDF2 is over SHA-1 whatever the code's algorithm is.
"""

from __future__ import annotations

import base64
import hashlib

from appliance.credentials.candidates import TwoStep

CHECKED = 4


def derived(secret: bytes, salt: bytes, step: TwoStep) -> bytes:
    """The final secret (PBKDF2-HMAC-SHA1, RFC 8018)."""
    password = secret.hex().encode()
    return hashlib.pbkdf2_hmac("sha1", password, salt, step.rounds, step.output)


def typed(salt: bytes) -> str:
    """The text that the person types: four bytes that catch a slip, then the salt, in base32 without padding."""
    mark = hashlib.sha1(salt, usedforsecurity=False).digest()[:CHECKED]
    return base64.b32encode(mark + salt).decode().rstrip("=")
