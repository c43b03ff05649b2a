"""What a portal tells a device of its person: names, how long the password is good, how logins are matched. Signed.

The carrier can neither make one up nor hand over another person's; an older one is known by its time of issue.
"""

from __future__ import annotations

import msgspec
from joserfc.jwk import OKPKey

from appliance.wire.jose import open_signed, sign
from appliance.wire.paths import PROFILE

__all__ = ["KIND", "PROFILE", "Statement", "open_statement", "sign_statement"]
KIND = "desk-profile+jws"


class Statement(msgspec.Struct, frozen=True):
    """How things stand with a person at this portal. `password_until` is None when nobody said; Unix seconds.

    `iss` is the portal's origin, `aud` the device's id there. `match` is the policy by which approvals are matched:
    press, number or scan; empty when nobody said.
    """

    iss: str
    aud: str
    person: str
    label: str
    password_until: float | None
    issued: float
    match: str = ""


def sign_statement(statement: Statement, key: OKPKey) -> str:
    """The statement under the portal's key."""
    return sign(msgspec.json.encode(statement), key, "Ed25519", KIND)


def open_statement(untrusted: str, keys: list[OKPKey]) -> Statement:
    """The statement, if a pinned portal key signed it. Raises Refused; device, time and range are the caller's."""
    return open_signed(untrusted, keys, "Ed25519", KIND, Statement)
