"""What the server answers to a rollout, an answer or a poll: yes, no, a key, digits to type, or an error with its time.

A status of 200 is not a yes: the value in the body is. Nothing here is signed by a key that a device has, so nothing
of it is believed beyond what it was asked about; words for the person are cut to a length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import msgspec

from appliance.core.errors import Refused
from appliance.credentials.privacyidea.keys import server_key

DIGITS = re.compile(r"[0-9]{1,8}", re.ASCII)
ENROLLED = "enrolled"
SIGNATURE, HIDDEN, KEY_UNUSABLE = 10, -311, -500
LATEST = 32_503_680_000.0
LONGEST_MESSAGE = 256


class _Detail(msgspec.Struct, frozen=True):
    public_key: str | None = None
    rollout_state: str | None = None
    serial: str | None = None
    display_code: str | None = None
    message: str | None = None


class _Error(msgspec.Struct, frozen=True):
    code: int = 0


class _Result(msgspec.Struct, frozen=True):
    status: bool = False
    value: bool | None = None
    error: _Error | None = None


class _Body(msgspec.Struct, frozen=True):
    result: _Result
    detail: _Detail | None = None
    time: float | None = None


class _Failed(msgspec.Struct, frozen=True):
    error: _Error | None = None


class _FailedBody(msgspec.Struct, frozen=True):
    result: _Failed
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether an answer was taken; where the login page waits for digits, these."""

    taken: bool
    digits: str = field(default="", repr=False)
    message: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error: its number (0 when it does not say), and the server's clock in Unix seconds (0 likewise)."""

    code: int = 0
    server_time: float = 0.0


def rolled_out(untrusted_body: str, serial: str) -> bytes:
    """The server's key for this token, as it will be pinned. Raises Refused."""
    body = _read(untrusted_body)
    detail = body.detail or _Detail()
    bound = body.result.value is True and detail.rollout_state in (ENROLLED, None)
    if not bound or detail.serial not in (serial, None) or detail.public_key is None:
        raise Refused("The server did not take the key")
    return server_key(detail.public_key)


def answered(untrusted_body: str) -> Answered:
    """What became of an answer. Raises Refused when this is no reply to one."""
    body = _read(untrusted_body)
    if body.result.value is not True:
        return Answered(taken=False)
    detail = body.detail or _Detail()
    digits = detail.display_code or ""
    if not DIGITS.fullmatch(digits):
        return Answered(taken=True)
    return Answered(True, digits, (detail.message or "")[:LONGEST_MESSAGE])


def failure(untrusted_body: str) -> Failure:
    """What an error says; a body that is none says nothing."""
    try:
        body = msgspec.json.decode(untrusted_body, type=_FailedBody)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return Failure()
    moment = body.time if body.time is not None and 0 < body.time < LATEST else 0.0
    return Failure(body.result.error.code if body.result.error else 0, moment)


def _read(untrusted_body: str) -> _Body:
    try:
        return msgspec.json.decode(untrusted_body, type=_Body)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as wrong:
        raise Refused("The server's answer is not valid") from wrong
