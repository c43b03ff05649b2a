"""Opens what a portal offers and grants, and makes of it the record that the vault keeps.

Everything is checked against the ticket that was scanned and the offer that was shown; a portal cannot offer one
account and grant another.
"""

from __future__ import annotations

import os

import msgspec

from appliance.authenticator.vault_records import Kept, KeyPair, key_of
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import Refused
from appliance.core.troubles import Trouble
from appliance.credentials.candidates import (
    Algorithm,
    NotTaken,
    OtpCandidate,
    checked,
    secret_of,
)
from appliance.credentials.two_step import derived, typed
from appliance.wire.enrolment import Grant, Offer, Sent, Ticket, open_grant, open_offer
from appliance.wire.jose import load

LONGEST, MOST_KEYS = 128, 8
BAD_OFFER = "The portal's offer is not valid"


def open_checked_offer(untrusted: str, ticket: Ticket, now: Now) -> Offer:
    """The offer of this ticket's portal. Raises Refused, or NotTaken with a reason."""
    offer = open_offer(untrusted, ticket)
    if offer.origin != ticket.origin:
        raise NotTaken(Trouble.FOREIGN, BAD_OFFER)
    if now.trust is not Trust.UNKNOWN and offer.expires <= now.wall:
        raise NotTaken(Trouble.USED_OR_EXPIRED, "This code has expired")
    words = (offer.person, offer.label, offer.service)
    if not all(1 <= len(word) <= LONGEST for word in words):
        raise Refused(BAD_OFFER)
    if not 1 <= len(offer.keys) <= MOST_KEYS:
        raise Refused(BAD_OFFER)
    for key in offer.keys:
        load(key, "Ed25519")
    return offer


def open_checked_grant(
    untrusted: str, number: str, ticket: Ticket, offer: Offer, pairs: tuple[KeyPair, KeyPair]
) -> Kept:
    """The account that was offered, with its seed; `pairs` are the device's keys to sign and to agree with.

    Raises Refused, or NotTaken with a reason.
    """
    sign, agree = pairs
    keys = [load(key, "Ed25519") for key in offer.keys]
    grant = open_grant(untrusted, key_of(agree), keys)
    if grant.person != offer.person or not 1 <= len(grant.device) <= LONGEST:
        raise Refused("The portal's answer is not valid")
    seed = _seed(grant)
    return Kept(
        id=number,
        kind=Kind.PORTAL,
        label=offer.label,
        issuer=offer.service,
        secret=seed.secret,
        algorithm=seed.algorithm,
        digits=seed.digits,
        period=seed.period,
        origin=ticket.origin,
        person=offer.person,
        device=grant.device,
        pinned=offer.keys,
        sign=sign,
        agree=agree,
    )


def foreign(number: str, candidate: OtpCandidate) -> Kept:
    """A code generator of another service, under this id."""
    return Kept(
        id=number,
        kind=candidate.kind,
        label=candidate.label,
        issuer=candidate.issuer,
        secret=candidate.secret,
        algorithm=candidate.algorithm,
        digits=candidate.digits,
        period=candidate.period,
        must_pin=candidate.must_pin,
        serial=candidate.serial,
    )


def with_own_part(number: str, candidate: OtpCandidate) -> Kept:
    """The same; where the service asks for it with bytes of this device in its secret, and the text that tells them."""
    kept, step = foreign(number, candidate), candidate.two_step
    if step is None:
        return kept
    salt = os.urandom(step.salt)
    return msgspec.structs.replace(
        kept, secret=derived(candidate.secret, salt, step), typed=typed(salt)
    )


def is_same(kept: Kept, other: Kept) -> bool:
    """Whether two accounts are one to a person: the same names, or the same secret."""
    named = (kept.kind, kept.issuer, kept.label) == (other.kind, other.issuer, other.label)
    return named or (kept.secret == other.secret and bool(kept.secret))


def _seed(grant: Grant) -> OtpCandidate:
    seed = grant.seed
    if seed.algorithm not in tuple(Algorithm):
        raise Refused("The portal's answer is not valid")
    return checked(
        OtpCandidate(
            kind=Kind.TOTP,
            label=grant.label,
            issuer=grant.service,
            secret=secret_of(seed.secret),
            algorithm=Algorithm(seed.algorithm),
            digits=seed.digits,
            period=seed.period,
        )
    )


def sent(untrusted: str) -> Sent:
    """Where the portal sent its code, and how many tries are left. Raises Refused."""
    try:
        return msgspec.json.decode(untrusted, type=Sent)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Refused("The portal's answer is not valid") from wrong
