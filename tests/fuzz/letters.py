"""Laws of signed and sealed text. Half of the inputs are signed with test keys first, to get behind the signature.

The first letter of an input says how it arrives: `i` is a payload that the right key signs, `h` a header line and
a payload that it signs, anything else arrives as it stands.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from types import ModuleType

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwe
from joserfc.jwk import OKPKey

from appliance.core.errors import Refused
from appliance.wire import enrolment, jose, letters
from tests.fuzz.one_time import text_of
from tests.fuzz.verdict import LawBroken, hold, says_nothing

SEED = hashlib.sha256(b"a key for tests alone").digest()
SIGNER = Ed25519PrivateKey.from_private_bytes(SEED)
TICKET = enrolment.Ticket("https://portal.example", SEED[:16])


def _okp(curve: str, private: bytes, public: bytes) -> OKPKey:
    fields: dict[str, str | list[str]] = {
        "kty": "OKP",
        "crv": curve,
        "d": base64url(private),
        "x": base64url(public),
    }
    return OKPKey.import_key(fields)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


SIGNING = _okp("Ed25519", SEED, SIGNER.public_key().public_bytes_raw())
AGREEING: OKPKey = OKPKey.import_key(
    {
        "kty": "OKP",
        "crv": "X25519",
        "d": "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo",
        "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo",
    }
)
Sign = Callable[[bytes], bytes]


def with_ticket(text: bytes) -> bytes:
    return hmac.digest(TICKET.key.get_op_key("sign"), text, "sha256")


def arrives(untrusted: bytes, algorithm: str, kind: str, sign: Sign) -> str:
    """The text that comes in over the wire for this input."""
    head = b'{"alg":"%s","typ":"%s"}' % (algorithm.encode(), kind.encode())
    match untrusted[:1]:
        case b"i":
            return compact(head, untrusted[1:], sign)
        case b"h":
            header, _, payload = untrusted[1:].partition(b"\n")
            return compact(header, payload, sign)
        case _:
            return text_of(untrusted)


def compact(header: bytes, payload: bytes, sign: Sign) -> str:
    signed = f"{base64url(header)}.{base64url(payload)}"
    return f"{signed}.{base64url(sign(signed.encode()))}"


def signed_by_us(text: str) -> bool:
    """Whether our test key signed this text, asked of another library than the parser asks."""
    body, _, signature = text.rpartition(".")
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        SIGNER.public_key().verify(raw, body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def signed(untrusted: bytes, parser: ModuleType = jose) -> None:
    """`jose.open_signed` and `jose.load`: only what the pinned key signed, as this kind, and of this form."""
    text = arrives(untrusted, "Ed25519", letters.LETTER, SIGNER.sign)
    try:
        record = parser.open_signed(text, [SIGNING], "Ed25519", letters.LETTER, letters.Letter)
    except Refused as refusal:
        says_nothing(refusal)
    else:
        hold(signed_by_us(text), "a letter that nobody signed was taken")
        hold(len(text) <= 16384, "a letter that is too long was taken")
        header = text.partition(".")[0]
        kind = msgspec.json.decode(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
        hold(kind["alg"] == "Ed25519", "a letter under another algorithm was taken")
        hold(kind["typ"] == letters.LETTER, "another kind of record passed for a letter")
        is_inside(text, record, letters.Letter)
    public_key(untrusted, parser)


def is_inside(text: str, record: msgspec.Struct, shape: type[msgspec.Struct]) -> None:
    """The record is what stands in the text, read by the form as it is published."""
    payload = text.split(".")[1]
    try:
        said = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=shape
        )
    except msgspec.DecodeError as wrong:
        raise LawBroken("a record without its form was taken") from wrong
    same = msgspec.to_builtins(said) == msgspec.to_builtins(record)
    hold(same, "a record says something else than its text")
    hold(type(record).__name__ == shape.__name__, "one kind of record passed for another")


def public_key(untrusted: bytes, parser: ModuleType) -> None:
    """`jose.load`: a key of the curve that was asked for, or Refused."""
    try:
        jwk = msgspec.json.decode(untrusted[1:], type=jose.Jwk)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    try:
        key = parser.load(jwk, "Ed25519")
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(parser.public(key).crv == "Ed25519", "a key of another curve was taken")
    hold(len(parser.thumbprint(key)) == 43, "a key without a name was taken")


def letter(untrusted: bytes, parser: ModuleType = letters) -> None:
    """`letters`: letter, answer and passport each open as themselves alone; the claimed sender is a text."""
    openers = (
        (letters.LETTER, lambda text: parser.open_letter(text, [SIGNING]), letters.Letter),
        (letters.ANSWER, lambda text: parser.open_answer(text, SIGNING), letters.Answer),
        (letters.ASSERTION, lambda text: parser.open_assertion(text, SIGNING), letters.Assertion),
    )
    for kind, opens, shape in openers:
        text = arrives(untrusted, "Ed25519", kind, SIGNER.sign)
        sender = parser.claimed_sender(text)
        hold(isinstance(sender, str), "the claimed sender is no text")
        try:
            record = opens(text)
        except Refused as refusal:
            says_nothing(refusal)
            continue
        is_inside(text, record, shape)
        hold(signed_by_us(text), "a record that nobody signed was taken")
        hold(sender in {"", record.iss}, "the sender that was looked up is not the one who signed")
        hold(len(parser.letter_hash(text)) == 43, "the hash of a letter has another length")


def enrolment_records(untrusted: bytes, parser: ModuleType = enrolment) -> None:
    """`enrolment`: offer, card and confirmation each open as themselves alone, or are Refused."""
    openers = (
        (parser.OFFER, with_ticket, parser.open_offer, TICKET, enrolment.Offer),
        (parser.CARD, with_ticket, parser.open_card, TICKET, enrolment.Card),
        (
            parser.CONFIRM,
            SIGNER.sign,
            parser.open_confirmation,
            SIGNING,
            enrolment.Confirmation,
        ),
    )
    for kind, sign, opens, key, shape in openers:
        algorithm = "HS256" if sign is with_ticket else "Ed25519"
        text = arrives(untrusted, algorithm, kind, sign)
        try:
            record = opens(text, key)
        except Refused as refusal:
            says_nothing(refusal)
            continue
        is_inside(text, record, shape)


def grant(untrusted: bytes, parser: ModuleType = enrolment) -> None:
    """`enrolment.open_grant`: `i` seals a signed payload, `e` a text, `h` sends a header; else as it stands."""
    text = sealed(untrusted, parser.GRANT)
    try:
        record = parser.open_grant(text, AGREEING, [SIGNING])
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(len(text) <= 16384, "a grant that is too long was taken")
    inside = jwe.decrypt_compact(text, AGREEING, ["ECDH-ES", "A256GCM"]).plaintext or b""
    hold(signed_by_us(inside.decode()), "a grant that nobody signed was taken")
    is_inside(inside.decode(), record, enrolment.Grant)
    hold(repr(record.seed) == "OtpSeed(…)", "the seed is in the record's words")


def sealed(untrusted: bytes, kind: str) -> str:
    """The sealed text that comes in over the wire for this input."""
    match untrusted[:1]:
        case b"i" | b"e":
            inside = arrives(untrusted, "Ed25519", kind, SIGNER.sign)
            plain = untrusted[1:] if untrusted[:1] == b"e" else inside.encode()
            header = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": "desk-grant+jwe"}
            return jwe.encrypt_compact(header, plain, AGREEING, ["ECDH-ES", "A256GCM"])
        case b"h":
            header_line, _, rest = untrusted[1:].partition(b"\n")
            tail = [base64url(part) for part in (rest[:12], rest[12:-16], rest[-16:])]
            return ".".join((base64url(header_line), "", *tail))
        case _:
            return text_of(untrusted)


def parcel(untrusted: bytes, parser: ModuleType) -> None:
    """What lies on a device's topic is a letter, a receipt, or nothing; and a topic is a device's or nobody's."""
    for marked in (False, True):
        came = parser.opened(untrusted, marked=marked)
        hold(came is None or type(came).__name__ == ("Receipt" if marked else "Parcel"), "a kind")
        hold(came is None or len(untrusted) <= parser.LONGEST_PARCEL, "too long")
    topic = untrusted.decode("latin-1")
    device = parser.sender(topic)
    hold(not device or parser.outbound(device) == topic, "a topic")
