"""Enrolment, for both of its ends: how two strangers become portal and token with a carrier that nobody trusts.

The QR holds an address and a one-time 128-bit ticket behind a `#`, which no HTTP request carries. The carrier sees
an id derived from the ticket; offer and device keys are authenticated with a key derived from it, so neither a
network attacker nor the device's own network process can put itself in between. The grant, with the TOTP secret,
is encrypted to the device's key. Sources: RFC 5869 (HKDF), RFC 7515/7516 (JWS, JWE), RFC 8037 (OKP keys).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, OKPKey

from appliance.core.errors import Refused
from appliance.wire.jose import Jwk, open_signed, sign

PATH = "/e"
LINK = re.compile(r"(https?://[A-Za-z0-9.\-]{1,253}(?::[0-9]{1,5})?)/e#([A-Z2-7]{26})", re.ASCII)
OFFER, CARD, CONFIRM, GRANT = (
    "desk-offer+jws",
    "desk-card+jws",
    "desk-confirm+jws",
    "desk-grant+jws",
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A scanned enrolment link: where to go, and the one-time secret that proves the QR was seen."""

    origin: str
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """What the carrier may see of the ticket."""
        return base64.urlsafe_b64encode(_derive(self.secret, b"id", 16)).rstrip(b"=").decode()

    @property
    def key(self) -> OctKey:
        """The key that authenticates offer and card."""
        return OctKey.import_key(_derive(self.secret, b"mac", 32))

    @property
    def link(self) -> str:
        """The text of the QR."""
        return f"{self.origin}{PATH}#{base64.b32encode(self.secret).rstrip(b'=').decode()}"


def _derive(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, None, b"desk-token enrolment " + purpose).derive(secret)


def is_link(untrusted_text: str) -> bool:
    """Whether this looks like an enrolment link, whatever its scheme."""
    return LINK.fullmatch(untrusted_text) is not None


def parse_link(untrusted_text: str) -> Ticket:
    """The ticket of an enrolment link. Raises Refused for anything else; the scheme is judged by the caller."""
    match = LINK.fullmatch(untrusted_text)
    if match is None:
        raise Refused("This is not an enrolment code")
    try:
        secret = base64.b32decode(match[2] + "======")
    except binascii.Error as wrong:
        raise Refused("This is not an enrolment code") from wrong
    return Ticket(match[1], secret)


class Offer(msgspec.Struct, frozen=True):
    """Portal to device: whom and what you are about to link, and the portal's keys to pin. Times in Unix seconds."""

    person: str
    label: str
    service: str
    origin: str
    keys: tuple[Jwk, ...]
    expires: float


class Card(msgspec.Struct, frozen=True):
    """Device to portal: its new public keys (Ed25519 to verify with, X25519 to encrypt to) and what it is."""

    sign: Jwk
    agree: Jwk
    serial: str
    software: str
    storage: str


class Confirmation(msgspec.Struct, frozen=True):
    """Device to portal: the code from the SMS, signed by the new key."""

    ticket: str
    code: str

    def __repr__(self) -> str:
        return "Confirmation(…)"


class Sent(msgspec.Struct, frozen=True):
    """Portal to device: the confirm code is under way to this masked address."""

    sent_to: str
    tries_left: int


class OtpSeed(msgspec.Struct, frozen=True):
    """The seed of the account's codes: base32 secret, SHA1/SHA256/SHA512, digits, period in seconds."""

    secret: str
    algorithm: str = "SHA1"
    digits: int = 6
    period: int = 30

    def __repr__(self) -> str:
        return "OtpSeed(…)"


class Grant(msgspec.Struct, frozen=True):
    """Portal to device, once: the device's name at the portal, the account, and its seed."""

    device: str
    person: str
    label: str
    service: str
    seed: OtpSeed


def seal_offer(offer: Offer, ticket: Ticket) -> str:
    """The offer authenticated with the ticket's key."""
    return sign(msgspec.json.encode(offer), ticket.key, "HS256", OFFER)


def open_offer(untrusted: str, ticket: Ticket) -> Offer:
    """The offer, if it was made by whoever printed the QR. Raises Refused."""
    return open_signed(untrusted, [ticket.key], "HS256", OFFER, Offer)


def seal_card(card: Card, ticket: Ticket) -> str:
    """The device's public keys, authenticated with the ticket's key."""
    return sign(msgspec.json.encode(card), ticket.key, "HS256", CARD)


def open_card(untrusted: str, ticket: Ticket) -> Card:
    """The card, if its maker saw the QR. Raises Refused."""
    return open_signed(untrusted, [ticket.key], "HS256", CARD, Card)


def sign_confirmation(confirmation: Confirmation, key: OKPKey) -> str:
    """The confirm code under the device's new key."""
    return sign(msgspec.json.encode(confirmation), key, "Ed25519", CONFIRM)


def open_confirmation(untrusted: str, key: OKPKey) -> Confirmation:
    """The confirmation of this device. Raises Refused."""
    return open_signed(untrusted, [key], "Ed25519", CONFIRM, Confirmation)


def seal_grant(grant: Grant, portal: OKPKey, device: OKPKey) -> str:
    """The grant, signed by the portal and encrypted to the device's agreement key."""
    signed = sign(msgspec.json.encode(grant), portal, "Ed25519", GRANT)
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": "desk-grant+jwe"}
    return jwe.encrypt_compact(header, signed.encode(), device, algorithms=["ECDH-ES", "A256GCM"])


def open_grant(untrusted: str, device: OKPKey, portal: list[OKPKey]) -> Grant:
    """The grant, if it is for this device and from a pinned portal key. Raises Refused."""
    if len(untrusted) > 16384:
        raise Refused("The portal's answer is not valid")
    try:
        opened = jwe.decrypt_compact(untrusted, device, algorithms=["ECDH-ES", "A256GCM"]).plaintext
        signed = (opened or b"").decode()
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise Refused("The portal's answer is not valid") from wrong
    return open_signed(signed, portal, "Ed25519", GRANT, Grant)
