"""privacyIDEA's containers: a device is registered once, and from then on its server hands out and renews its tokens.

Every step is signed with the container's own key (secp384r1) over a challenge of the server; what the server hands
out is sealed to a key made for that one exchange (X25519, AES-GCM). A token that the device does not list is issued
anew, so what is held is always listed.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from appliance.core.errors import Refused
from appliance.core.troubles import Trouble
from appliance.credentials import key_uri
from appliance.credentials.addresses import host_of, is_safe_address
from appliance.credentials.candidates import LONGEST_NAME, NotTaken, not_ours
from appliance.credentials.otpauth import SERIAL
from appliance.credentials.privacyidea.enrolment import LONGEST_TTL, USUAL_TTL

LONGEST, MOST_TOKENS, LONGEST_URL, LONGEST_PROMPT = 2048, 32, 2048, 200
SCHEME = "pia://"
KNOWN = frozenset(
    {"issuer", "ttl", "nonce", "time", "url", "serial", "key_algorithm", "hash_algorithm"}
    | {"ssl_verify", "passphrase", "send_passphrase"}
)
NEEDED = ("nonce", "time", "url", "serial")
NONCE = re.compile(r"[0-9A-Za-z]{16,128}", re.ASCII)
MOMENT = re.compile(r"[0-9T:.+\-Z]{10,40}", re.ASCII)
CURVE, HASH = "secp384r1", "SHA256"
BRAND, MODEL = "Desk Token", "Desk Token"
FINALIZE, CHALLENGE = "container/register/finalize", "container/challenge"
SYNCHRONIZE = "container/synchronize"
TERMINATE = "container/register/terminate/client"
ROLLOVER = "container/rollover"
BAD = "The server's answer is not valid"
DER = serialization.Encoding.DER
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ContainerCandidate:
    """A container as it was scanned; `nonce` proves once that the code was seen, `ttl` is in seconds.

    `prompt` is what its server asks the person: the words enter the signature, and are sent too if it `wants_words`.
    """

    serial: str
    issuer: str
    url: str
    nonce: str = field(repr=False)
    time: str = ""
    ttl: float = 600.0
    checks_tls: bool = True
    prompt: str = ""
    wants_words: bool = False

    @property
    def host(self) -> str:
        """Where the server lives."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the next step has to be signed over."""

    nonce: str = field(repr=False)
    time: str


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What the server hands out: texts as they would stand in QR codes, and the serials that it leaves as they are."""

    add: tuple[str, ...] = field(repr=False)
    same: tuple[str, ...]


class _Result(msgspec.Struct, frozen=True):
    value: msgspec.Raw


class _Body(msgspec.Struct, frozen=True):
    result: _Result


class _Challenge(msgspec.Struct, frozen=True):
    nonce: str
    time_stamp: str


class _Parameters(msgspec.Struct, frozen=True):
    init_vector: str
    tag: str


class _Sealed(msgspec.Struct, frozen=True):
    container_dict_server: str
    public_server_key: str
    encryption_params: _Parameters


class _Code(msgspec.Struct, frozen=True):
    value: str


class _Rollover(msgspec.Struct, frozen=True):
    container_url: _Code


class _Same(msgspec.Struct, frozen=True):
    serial: str = ""


class _Tokens(msgspec.Struct, frozen=True):
    add: tuple[str, ...] = ()
    update: tuple[_Same, ...] = ()


class _Contents(msgspec.Struct, frozen=True):
    tokens: _Tokens


def parse(untrusted_text: str) -> ContainerCandidate:
    """The container this text offers. Raises NotTaken, whose words carry nothing of the text."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    kind, _, query = key_uri.parts(untrusted_text[len(SCHEME) :])
    values = key_uri.parameters(query, KNOWN)
    starts = untrusted_text[: len(SCHEME)].lower() == SCHEME
    if not starts or kind != "container" or not all(values.get(key) for key in NEEDED):
        raise not_ours("This is not a code for signing in")
    if values.get("key_algorithm", CURVE) != CURVE or values.get("hash_algorithm", HASH) != HASH:
        raise NotTaken(Trouble.NEWER, "This code is for newer software")
    minutes = key_uri.number(values.get("ttl", USUAL_TTL))
    return _checked(
        ContainerCandidate(
            serial=values["serial"],
            issuer=values.get("issuer", "").strip(),
            url=values["url"].rstrip("/"),
            nonce=values["nonce"],
            time=values["time"],
            ttl=60.0 * min(minutes, LONGEST_TTL),
            checks_tls=key_uri.switch(values.get("ssl_verify") or "1"),
            prompt=values.get("passphrase", "").strip(),
            wants_words=key_uri.switch(values.get("send_passphrase", "")),
        )
    )


def _checked(candidate: ContainerCandidate) -> ContainerCandidate:
    if len(candidate.prompt) > LONGEST_PROMPT:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    if not SERIAL.fullmatch(candidate.serial) or not NONCE.fullmatch(candidate.nonce):
        raise not_ours()
    if not MOMENT.fullmatch(candidate.time) or len(candidate.issuer) > LONGEST_NAME:
        raise not_ours()
    if not is_safe_address(candidate.url):
        raise NotTaken(Trouble.NOT_HTTPS, "This address is not safe: it must begin with https")
    return candidate


def new_key() -> bytes:
    """A new key of a container, as PKCS#8."""
    key = ec.generate_private_key(ec.SECP384R1())
    return key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def new_exchange_key() -> bytes:
    """A key for one synchronisation, raw."""
    return x25519.X25519PrivateKey.generate().private_bytes_raw()


def finalize(candidate: ContainerCandidate, private: bytes, answer: str = "") -> dict[str, str]:
    """The body that registers this device. The public key is not among the words that are signed.

    `answer` is what the person typed where the server asks for something; it stands in the body only if wanted there.
    """
    scope = f"{candidate.url}/{FINALIZE}"
    words = (candidate.nonce, candidate.time, candidate.serial, scope, BRAND, MODEL)
    said = (answer,) if answer else ()
    sent = {"passphrase": answer} if answer and candidate.wants_words else {}
    half = _ours(private).public_key()
    pem = half.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "container_serial": candidate.serial,
        "public_client_key": pem.decode(),
        "device_brand": BRAND,
        "device_model": MODEL,
        **sent,
        "signature": _signed(private, (*words, *said)),
    }


def ask_challenge(url: str, serial: str, step: str) -> dict[str, str]:
    """The body that asks for a challenge for this step."""
    return {"container_serial": serial, "scope": f"{url}/{step}"}


def challenge(untrusted_body: str) -> Challenge:
    """The challenge that was given. Raises Refused."""
    given = _value(untrusted_body, _Challenge)
    if not NONCE.fullmatch(given.nonce) or not MOMENT.fullmatch(given.time_stamp):
        raise Refused(BAD)
    return Challenge(given.nonce, given.time_stamp)


def synchronize(
    url: str,
    serial: str,
    private: bytes,
    given: Challenge,
    exchange: bytes,
    held: tuple[tuple[str, str], ...],
) -> dict[str, str]:
    """The body that lists what is held, as serial and kind, and asks for the rest."""
    tokens = [{"serial": name, "tokentype": kind} for name, kind in held]
    listed = {"serial": serial, "type": "smartphone", "tokens": tokens}
    contents = msgspec.json.encode(listed).decode()
    half = x25519.X25519PrivateKey.from_private_bytes(exchange).public_key().public_bytes_raw()
    public = base64.urlsafe_b64encode(half).decode()
    words = (given.nonce, given.time, serial, f"{url}/{SYNCHRONIZE}", public, contents)
    return {
        "container_serial": serial,
        "public_enc_key_client": public,
        "container_dict_client": contents,
        "signature": _signed(private, words),
    }


def request(url: str, serial: str, private: bytes, given: Challenge, step: str) -> dict[str, str]:
    """The body that asks for a step with nothing of its own: the end of the registration, or a rollover."""
    words = (given.nonce, given.time, serial, f"{url}/{step}")
    return {"container_serial": serial, "signature": _signed(private, words)}


def rolled_over(untrusted_body: str, url: str, serial: str) -> ContainerCandidate:
    """The code with which this container, at this very address, gets another key. Raises Refused."""
    candidate = parse(_value(untrusted_body, _Rollover).container_url.value)
    if (candidate.url, candidate.serial) != (url, serial) or candidate.prompt:
        raise Refused(BAD)
    return candidate


def synchronised(untrusted_body: str, exchange: bytes) -> Synchronised:
    """What was handed out, unsealed. Raises Refused."""
    sealed = _value(untrusted_body, _Sealed)
    try:
        plain = _unsealed(sealed, exchange)
        tokens = msgspec.json.decode(plain, type=_Contents).tokens
    except (InvalidTag, ValueError, binascii.Error, msgspec.DecodeError, RecursionError) as wrong:
        raise Refused(BAD) from wrong
    if len(tokens.add) > MOST_TOKENS or any(len(text) > LONGEST_URL for text in tokens.add):
        raise Refused(BAD)
    return Synchronised(tokens.add, tuple(same.serial for same in tokens.update))


def _unsealed(sealed: _Sealed, exchange: bytes) -> bytes:
    theirs = x25519.X25519PublicKey.from_public_bytes(_raw(sealed.public_server_key))
    key = x25519.X25519PrivateKey.from_private_bytes(exchange).exchange(theirs)
    vector, tag = _raw(sealed.encryption_params.init_vector), _raw(sealed.encryption_params.tag)
    opening = Cipher(algorithms.AES(key), modes.GCM(vector, tag)).decryptor()
    return opening.update(_raw(sealed.container_dict_server)) + opening.finalize()


def _value(untrusted_body: str, shape: type[T]) -> T:
    """The value of a reply; a refusal has none. Raises Refused."""
    try:
        result = msgspec.json.decode(untrusted_body, type=_Body).result
        return msgspec.json.decode(result.value, type=shape)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as wrong:
        raise Refused(BAD) from wrong


def _raw(untrusted: str) -> bytes:
    return base64.b64decode(untrusted, altchars=b"-_", validate=True)


def _signed(private: bytes, words: tuple[str, ...]) -> str:
    made = _ours(private).sign("|".join(words).encode(), ec.ECDSA(hashes.SHA256()))
    return base64.urlsafe_b64encode(made).decode()


def _ours(private: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(private, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refused("This account cannot sign")
    return key
