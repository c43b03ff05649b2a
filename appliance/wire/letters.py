"""Letters from the portal, answers from the device, and the device's passport for the inbox.

The carrier of a letter is never trusted: it can delay or drop, not forge. A letter tells how an approval must be
matched, never the matching value: that stands on the login page only and comes back in the answer.
"""

from __future__ import annotations

import base64
import hashlib

import msgspec
from joserfc.jwk import OKPKey

from appliance.wire import paths
from appliance.wire.jose import open_signed, sign

LETTER, ANSWER, ASSERTION = "desk-letter+jwt", "desk-answer+jwt", "client-authentication+jwt"
LIFE = 120.0
ENROLMENTS, TOKEN = paths.ENROLMENTS, paths.TOKEN
INBOX, ANSWERS = paths.INBOX, paths.ANSWERS


class Letter(msgspec.Struct, frozen=True):
    """One signed letter. `kind` is login, unlock, vouch or closed; a closed letter names the request and its outcome.

    The `note` of an unlock says when and from where the wrong passwords came; that of a vouch names the newcomer.
    `iss` is the portal's origin, `aud` the device's id there, times are Unix seconds.
    """

    iss: str
    aud: str
    jti: str
    iat: float
    exp: float
    kind: str
    person: str = ""
    service: str = ""
    origin: str = ""
    place: str = ""
    match: str = "press"
    request: str = ""
    outcome: str = ""
    note: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The person's signed answer. `jti` names the request, `letter` is the hash of the letter that was shown."""

    iss: str
    aud: str
    jti: str
    letter: str
    verdict: str
    count: int
    iat: float
    match: str = ""

    def __repr__(self) -> str:
        return f"Answer(jti={self.jti!r}, verdict={self.verdict!r})"


class Assertion(msgspec.Struct, frozen=True):
    """A client assertion (RFC 7523 section 3): the device says who it is, for one token, for one minute.

    It may say how it is: its version, the level that its secrets are stored at, and its clock's state.
    """

    iss: str
    sub: str
    aud: str
    jti: str
    iat: float
    exp: float
    software: str = ""
    storage: str = ""
    clock: str = ""


class Result(msgspec.Struct, frozen=True):
    """The portal's reply to an answer: how the request ended (a value of `core.requests.Outcome`)."""

    outcome: str


def sign_letter(letter: Letter, key: OKPKey) -> str:
    """The letter under the portal's key."""
    return sign(msgspec.json.encode(letter), key, "Ed25519", LETTER)


def open_letter(untrusted: str, keys: list[OKPKey]) -> Letter:
    """The letter, if a pinned portal key signed it. Raises Refused; issuer, audience and time are the caller's."""
    return open_signed(untrusted, keys, "Ed25519", LETTER, Letter)


def letter_hash(letter: str) -> str:
    """What an answer says about the letter it answers: SHA-256 of its compact text, base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256(letter.encode()).digest()).rstrip(b"=").decode()


def sign_answer(answer: Answer, key: OKPKey) -> str:
    """The answer under the device's key."""
    return sign(msgspec.json.encode(answer), key, "Ed25519", ANSWER)


def open_answer(untrusted: str, key: OKPKey) -> Answer:
    """The answer of this device. Raises Refused."""
    return open_signed(untrusted, [key], "Ed25519", ANSWER, Answer)


def sign_assertion(assertion: Assertion, key: OKPKey) -> str:
    """The device's passport under its key."""
    return sign(msgspec.json.encode(assertion), key, "Ed25519", ASSERTION)


def open_assertion(untrusted: str, key: OKPKey) -> Assertion:
    """The passport of this device. Raises Refused."""
    return open_signed(untrusted, [key], "Ed25519", ASSERTION, Assertion)


def claimed_sender(untrusted: str) -> str:
    """The `iss` that an answer or assertion claims, unverified: only to look up the key that must have signed it."""
    head = untrusted[:16384].split(".")
    if len(head) != 3:
        return ""
    try:
        body = base64.urlsafe_b64decode(head[1] + "=" * (-len(head[1]) % 4))
        claims = msgspec.json.decode(body, type=dict[str, object])
    except (ValueError, msgspec.DecodeError, RecursionError):
        return ""
    sender = claims.get("iss", "")
    return sender if isinstance(sender, str) else ""
