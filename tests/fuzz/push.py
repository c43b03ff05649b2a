"""Laws of privacyIDEA's texts: codes, what a poll brings, replies, and what a container hands out.

Behind a signature or a seal nothing of a random input would ever be reached, so the laws sign and seal it themselves.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from appliance.core.errors import Refused
from appliance.courier.exchange import is_allowed
from appliance.credentials import candidates
from appliance.credentials.privacyidea import challenges, containers, enrolment, keys, replies
from tests.credentials.privacyidea.recorded import PRIVATE, SAID, SERIAL
from tests.fuzz.one_time import text_of
from tests.fuzz.verdict import hold, says_nothing

OURS = keys.server_key(keys.public_text(PRIVATE))
TIED = base64.b64decode(SAID["container_private"])
RECORDED = {"rollout": "rollout_reply", "answer": "code_reply", "no": "again_reply"}
AT_HOME, TIED_SERIAL = "https://mfa.example.org", "SMPH0000185D"


def push_code(untrusted: bytes, parser: ModuleType = enrolment) -> None:
    """`enrolment.parse`: a token at an address that the courier may go to, or NotTaken."""
    try:
        found = parser.parse(text_of(untrusted))
    except candidates.NotTaken as refusal:
        says_nothing(refusal)
        return
    hold(is_allowed(found.url), "the courier may not go where this leads")
    hold(found.url.startswith(found.origin), "the origin is elsewhere")
    hold(16 <= len(found.credential) <= 128, "a credential of an odd length was taken")
    hold(repr(replace(found, credential="")) == repr(found), "the credential is in its words")
    hold(0 <= found.ttl <= 7 * 86_400, "a code that never ends was taken")
    hold(max(len(found.label), len(found.issuer)) <= 128, "a long name was taken")
    plain = found.serial.replace("-", "").replace("_", "")
    hold(plain.isalnum() or not plain, "a serial that could be mistaken for another word was taken")


def container_code(untrusted: bytes, parser: ModuleType = containers) -> None:
    """`containers.parse`: a container at an address that the courier may go to, or NotTaken."""
    try:
        found = parser.parse(text_of(untrusted))
    except candidates.NotTaken as refusal:
        says_nothing(refusal)
        return
    hold(is_allowed(f"{found.url}/container/challenge"), "the courier may not go there")
    hold(repr(replace(found, nonce="")) == repr(found), "the nonce is in its words")
    body = parser.finalize(found, TIED)
    hold(found.serial == body["container_serial"], "another container is registered")
    hold(found.nonce.isalnum(), "a nonce of other signs than letters and figures was taken")
    hold("|" not in found.serial + found.time, "a word that splits was taken")


def poll(untrusted: bytes, parser: ModuleType = challenges) -> None:
    """`challenges.polled`: the input is one entry, signed here; what is believed is what was signed, or nothing."""
    text = text_of(untrusted)
    with suppress(Refused):
        parser.polled(text, SERIAL, OURS)
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(entry, dict):
        return
    signed = {**entry, **_signatures(entry)}
    with suppress(Refused, RecursionError):
        body = json.dumps({"result": {"value": [signed, signed]}})
        found = parser.polled(body, SERIAL, OURS)
        hold(len(found.challenges) <= 1, "one challenge is two")
        for challenge in found.challenges:
            believed(challenge, signed)


def believed(challenge: challenges.Challenge, signed: dict[str, object]) -> None:
    """Nothing but what was signed, and nothing that could be mistaken for another word of ours."""
    hold(challenge.nonce == signed["nonce"], "another nonce is believed")
    hold(challenge.question == signed.get("question", ""), "another question is believed")
    hold("|" not in challenge.nonce + "".join(challenge.options), "a word that splits is believed")
    hold(is_allowed(challenge.url), "the courier may not go where this leads")
    hold(len(challenge.options) in {0, *range(2, 11)}, "an odd number of options")
    hold(len(set(challenge.options)) == len(challenge.options), "two options are the same")
    if challenge.takes_reasons:
        hold("capabilities" in signed, "an ability that nobody claimed is believed")


def _signatures(entry: dict[str, object]) -> dict[str, str]:
    """What a server would sign of these words; nothing where there is no way to."""
    made = {}
    with suppress(Exception):
        unsigned = challenges.msgspec.convert({**entry, "signature": ""}, challenges.Entry)
        made["signature"] = keys.sign(PRIVATE, challenges.signed_words(unsigned))
    with suppress(Exception):
        able = json.loads(str(entry["capabilities"]))
        words = challenges.canonical({"capabilities": able, "nonce": entry["nonce"]})
        made["capabilities_signature"] = keys.sign(PRIVATE, words)
    return made


def reply(untrusted: bytes, parser: ModuleType = replies) -> None:
    """`replies`: a recorded reply or any text; a yes only where the body says yes, digits only as digits."""
    name = text_of(untrusted).strip()
    text = SAID[RECORDED[name]] if name in RECORDED else text_of(untrusted)
    failure = parser.failure(text)
    hold(0 <= failure.server_time < 32_503_680_000, "a clock beyond every calendar is believed")
    with suppress(Refused):
        said = parser.answered(text)
        hold(not said.taken or '"value"' in text or "\\u" in text, "a yes that nobody said")
        hold(said.digits == "" or (said.digits.isascii() and said.digits.isdigit()), "no digits")
        hold(said.taken or not said.digits, "digits for a no")
        hold(len(said.message) <= 256, "a message without an end")
    with suppress(Refused):
        keys.server_key(base64.b64encode(parser.rolled_out(text, SERIAL)).decode())


def rolled_over(untrusted: bytes, parser: ModuleType = containers) -> None:
    """`containers.rolled_over`: another code for this very container that asks nobody for words, or Refused."""
    try:
        found = parser.rolled_over(text_of(untrusted), AT_HOME, TIED_SERIAL)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold((found.url, found.serial) == (AT_HOME, TIED_SERIAL), "another container is renewed")
    hold(not found.prompt, "a renewal asks for words that nobody can type")


def handed_out(untrusted: bytes, parser: ModuleType = containers) -> None:
    """`containers.synchronised`: the input is the plain text, sealed here; texts within the cap, or Refused."""
    exchange = bytes(range(32))
    with suppress(Refused):
        parser.synchronised(text_of(untrusted), exchange)
    with suppress(Refused):
        parser.challenge(text_of(untrusted))
    try:
        found = parser.synchronised(_sealed(untrusted, exchange), exchange)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(len(found.add) <= 32, "more tokens than a container may hand out")
    hold(all(len(text) <= 2048 for text in found.add), "a text that is too long was taken")


def _sealed(plain: bytes, exchange: bytes) -> str:
    theirs, ours = (
        x25519.X25519PrivateKey.from_private_bytes(bytes([7]) * 32),
        x25519.X25519PrivateKey.from_private_bytes(exchange),
    )
    vector = bytes(16)
    sealing = Cipher(
        algorithms.AES(theirs.exchange(ours.public_key())), modes.GCM(vector)
    ).encryptor()
    content = sealing.update(plain) + sealing.finalize()
    value = {
        "container_dict_server": _text(content),
        "public_server_key": _text(theirs.public_key().public_bytes_raw()),
        "encryption_params": {"init_vector": _text(vector), "tag": _text(sealing.tag)},
    }
    return json.dumps({"result": {"value": value}})


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
