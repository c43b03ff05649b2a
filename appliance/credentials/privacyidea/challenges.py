"""What a poll brings: the open challenges of one token, each believed only under the server's pinned key.

Texts may hold any letter and the separator too, so they are joined as they are and never split. What the server can
do more than older ones is believed only under its own signature. When a challenge ends is not said: the caller drops
what a later poll no longer lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from appliance.core.errors import Refused
from appliance.credentials.addresses import is_safe_address
from appliance.credentials.privacyidea.canonical import canonical
from appliance.credentials.privacyidea.keys import is_signed

MOST, LONGEST_WORDS, LONGEST_NONCE, LONGEST_OPTION = 16, 2048, 128, 64
LEAST_OPTIONS, MOST_OPTIONS = 2, 10
DECLINE_REASON = "decline_reason"
SEPARATOR = "|"


class Entry(msgspec.Struct, frozen=True):
    """One challenge as it stands in a poll's answer, unverified."""

    nonce: str
    url: str
    serial: str
    signature: str
    question: str = ""
    title: str = ""
    sslverify: str | int = "1"
    require_presence: str | None = None
    capabilities: str | None = None
    capabilities_signature: str | None = None


class _Result(msgspec.Struct, frozen=True):
    value: tuple[msgspec.Raw, ...]
    status: bool = True


class _Answer(msgspec.Struct, frozen=True):
    result: _Result


@dataclass(frozen=True, slots=True)
class Challenge:
    """Somebody signs in: what the server says of it, the options of which one is right, whether it takes reasons."""

    nonce: str
    url: str
    question: str
    title: str
    options: tuple[str, ...] = ()
    takes_reasons: bool = False


@dataclass(frozen=True, slots=True)
class Polled:
    """The challenges that are believed, in their order, and how many were not."""

    challenges: tuple[Challenge, ...]
    forged: int = 0


def polled(untrusted_body: str, serial: str, pinned: bytes) -> Polled:
    """What a poll of this token brought. Raises Refused when it is no answer to a poll at all."""
    try:
        rows = msgspec.json.decode(untrusted_body, type=_Answer).result.value
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as wrong:
        raise Refused("The server's answer is not valid") from wrong
    believed: dict[str, Challenge] = {}
    forged = 0
    for row in rows[:MOST]:
        challenge = _believed(row, serial, pinned)
        if challenge is None:
            forged += 1
        else:
            believed.setdefault(challenge.nonce, challenge)
    return Polled(tuple(believed.values()), forged)


def _believed(untrusted_row: msgspec.Raw, serial: str, pinned: bytes) -> Challenge | None:
    try:
        entry = msgspec.json.decode(untrusted_row, type=Entry)
        words = signed_words(entry)
        if entry.serial != serial or not is_signed(pinned, words, entry.signature):
            return None
        reasons = _takes_reasons(entry, pinned)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError, Refused):
        return None
    options = tuple(entry.require_presence.split(",")) if entry.require_presence else ()
    if not _is_usable(entry, options):
        return None
    return Challenge(entry.nonce, entry.url, entry.question, entry.title, options, reasons)


def signed_words(entry: Entry) -> str:
    """The words under the server's signature; the options stand in them only when there are any."""
    words = [entry.nonce, entry.url, entry.serial, entry.question, entry.title]
    words.append(str(entry.sslverify))
    if entry.require_presence is not None:
        words.append(entry.require_presence)
    return SEPARATOR.join(words)


def _takes_reasons(entry: Entry, pinned: bytes) -> bool:
    """Whether a refusal may say why. Raises Refused when what the server claims to be able to is not signed."""
    if entry.capabilities is None and entry.capabilities_signature is None:
        return False
    able = msgspec.json.decode(entry.capabilities or "", type=dict[str, object])
    words = canonical({"capabilities": able, "nonce": entry.nonce})
    if not is_signed(pinned, words, entry.capabilities_signature or ""):
        raise Refused("The server's words are not signed")
    return able.get(DECLINE_REASON) is True


def _is_usable(entry: Entry, options: tuple[str, ...]) -> bool:
    """Our own limits on what is signed: an odd challenge is not shown, whoever signed it."""
    if not 1 <= len(entry.nonce) <= LONGEST_NONCE or not entry.nonce.isalnum():
        return False
    if max(len(entry.question), len(entry.title)) > LONGEST_WORDS:
        return False
    if entry.require_presence is not None and not _can_be_picked(options):
        return False
    return is_safe_address(entry.url)


def _can_be_picked(options: tuple[str, ...]) -> bool:
    """Each is short, they differ, and none could be mistaken for another part of what we sign."""
    if not LEAST_OPTIONS <= len(set(options)) == len(options) <= MOST_OPTIONS:
        return False
    return all(1 <= len(option) <= LONGEST_OPTION and SEPARATOR not in option for option in options)
