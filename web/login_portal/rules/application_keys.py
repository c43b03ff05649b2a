"""The public keys with which applications may prove themselves: what is taken, and in which form it is kept.

Sources: RFC 7523 section 2.2; NIST SP 800-57 part 1 (112 bits and more).
"""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from joserfc.jwk import ECKey, RSAKey

from appliance.core.errors import Refused

ALGORITHMS = ("RS256", "ES256")
LONGEST, LEAST_BITS, MOST_BITS = 4096, 2048, 8192


def public_key(untrusted: str) -> str:
    """The key as it is kept: PEM, written anew. Raises Refused, for a private one too."""
    if "PRIVATE" in untrusted:
        raise Refused("This is a private key. Make a new pair, and give its public half only")
    try:
        found = load_pem_public_key(untrusted[: LONGEST + 1].strip().encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise _wrong() from wrong
    if not _strong(found):
        raise _wrong()
    return found.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def checking_key(kept: str) -> RSAKey | ECKey:
    """The key in the form that checks signatures."""
    if isinstance(load_pem_public_key(kept.encode()), RSAPublicKey):
        return RSAKey.import_key(kept)
    return ECKey.import_key(kept)


def _wrong() -> Refused:
    return Refused("A public key is RSA of 2048 bits or more, or P-256, in PEM (BEGIN PUBLIC KEY)")


def _strong(found: object) -> bool:
    if isinstance(found, RSAPublicKey):
        return LEAST_BITS <= found.key_size <= MOST_BITS
    return isinstance(found, EllipticCurvePublicKey) and isinstance(found.curve, SECP256R1)
