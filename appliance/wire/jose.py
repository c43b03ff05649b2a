"""Signed text, both ways: compact JWS of one JSON record, with a type that keeps one kind from passing for another.

Keys are joserfc's; private keys never leave the process that made them. Sources: RFC 7515, RFC 8725 (explicit
typing), RFC 9864 (fully specified algorithm names).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, OKPKey
from joserfc.util import urlsafe_b64encode

from appliance.core.errors import Refused

CAP = 16384
Record = TypeVar("Record", bound=msgspec.Struct)


class Jwk(msgspec.Struct, frozen=True):
    """A public OKP key (RFC 8037); there is no place for a private part."""

    crv: str
    x: str
    kty: str = "OKP"


def public(key: OKPKey) -> Jwk:
    """The public half of a key pair, as a record."""
    return msgspec.convert(key.as_dict(private=False), Jwk, strict=False)


def load(untrusted: Jwk, curve: str) -> OKPKey:
    """A public key of this curve (`Ed25519`, `X25519`). Raises Refused."""
    if untrusted.kty != "OKP" or untrusted.crv != curve:
        raise Refused("The key is of the wrong kind")
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": curve, "x": untrusted.x})
    except (JoseError, ValueError) as wrong:
        raise Refused("The key is not valid") from wrong


def thumbprint(key: OKPKey) -> str:
    """The key's name (RFC 7638)."""
    return key.thumbprint()


def sign(payload: bytes, key: OctKey | OKPKey, algorithm: str, kind: str) -> str:
    """The payload as compact JWS of this kind."""
    head = msgspec.json.encode({"alg": algorithm, "typ": kind})
    said = urlsafe_b64encode(head) + b"." + urlsafe_b64encode(payload)
    signature = jws.JWSRegistry.algorithms[algorithm].sign(said, key)
    return b".".join((said, urlsafe_b64encode(signature))).decode()


def open_signed(
    untrusted: str, keys: Sequence[OctKey | OKPKey], algorithm: str, kind: str, shape: type[Record]
) -> Record:
    """The record inside, if one of the keys signed it as this kind. Raises Refused, without saying what was inside."""
    if len(untrusted) > CAP or not untrusted.isascii():
        raise Refused("The letter is not valid")
    for key in keys:
        try:
            opened = jws.deserialize_compact(untrusted, key, algorithms=[algorithm])
            if opened.headers().get("typ") != kind:
                break
            return msgspec.json.decode(opened.payload, type=shape)
        except (JoseError, ValueError, TypeError, msgspec.DecodeError, RecursionError):
            continue
    raise Refused("The letter is not valid")
