"""RSA keys as privacyIDEA writes them: ours as SubjectPublicKeyInfo, the server's as PKCS#1, signatures in base32.

A signature is RSASSA-PKCS1-v1_5 over SHA-256, in upper-case base32 with padding; any other spelling is refused by the
server like a wrong one. A private key leaves these functions only as the bytes that the vault seals.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from appliance.core.errors import Refused

EXPONENT = 65537
SIZES = (2048, 3072, 4096)
SERVER_SIZES = range(2048, 8193)
LONGEST_KEY, LONGEST_SIGNATURE = 4096, 2048
DER = serialization.Encoding.DER


def new_key(bits: int) -> bytes:
    """A new private key of this size, as PKCS#8. Takes a second on a desk and many on a small board."""
    key = rsa.generate_private_key(EXPONENT, bits)
    return key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def public_text(private: bytes) -> str:
    """The public half for the server: base64 of the SubjectPublicKeyInfo, on one line, without a header."""
    half = _ours(private).public_key()
    return base64.b64encode(
        half.public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()


def server_key(untrusted: str) -> bytes:
    """The server's key for this token as it will be pinned: PKCS#1, in DER. Raises Refused."""
    try:
        der = base64.b64decode("".join(untrusted[:LONGEST_KEY].split()), validate=True)
        key = serialization.load_der_public_key(der)
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as wrong:
        raise Refused("The server's key is not valid") from wrong
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in SERVER_SIZES:
        raise Refused("The server's key is not valid")
    return key.public_bytes(DER, serialization.PublicFormat.PKCS1)


def sign(private: bytes, words: str) -> str:
    """The signature over these words."""
    made = _ours(private).sign(words.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b32encode(made).decode()


def is_signed(pinned: bytes, words: str, untrusted_signature: str) -> bool:
    """Whether the server's pinned key signed exactly these words."""
    key = serialization.load_der_public_key(pinned)
    if not isinstance(key, rsa.RSAPublicKey) or len(untrusted_signature) > LONGEST_SIGNATURE:
        return False
    try:
        signature = base64.b32decode(untrusted_signature)
        key.verify(signature, words.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def _ours(private: bytes) -> rsa.RSAPrivateKey:
    """Our own key, from under the vault's seal: to prove its primes anew each time would cost more than the rest."""
    key = serialization.load_der_private_key(
        private, password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Refused("This account cannot sign")
    return key
