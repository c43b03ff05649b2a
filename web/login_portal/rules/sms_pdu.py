"""A text message as a modem takes it: SMS-SUBMIT, in GSM's 7-bit alphabet where that has every sign, else in UCS-2.

Sources: 3GPP TS 23.038 (alphabet), TS 23.040 sections 9.2.2.2 and 9.2.3.24.1 (parts of one message).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from appliance.core.errors import Refused

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_MORE = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E,
    "|": 0x40, "€": 0x65,
}  # fmt: skip
_ESCAPE = 0x1B
_SEPTETS, _SEPTETS_OF_PART = 160, 153
_BYTES, _BYTES_OF_PART = 140, 134
_MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Pdu:
    """One part: the hexadecimal text for the modem, and the length it wants to hear (without the centre's address)."""

    text: str
    length: int


def parts(number: str, text: str, reference: int) -> list[Pdu]:
    """The message in as many parts as it takes; `reference` (0 to 255) holds them together. Raises Refused."""
    address = _address(number)
    septets = _septets(text)
    if septets is not None:
        pieces = [(bytes(chunk), len(chunk)) for chunk in _split_septets(septets)]
        coding = 0x00
    else:
        pieces = [(chunk, len(chunk)) for chunk in _split_ucs2(text)]
        coding = 0x08
    if not 1 <= len(pieces) <= _MOST_PARTS:
        raise Refused("The message is empty or too long")
    made = []
    for place, (chunk, size) in enumerate(pieces, start=1):
        many = len(pieces) > 1
        header = bytes([5, 0, 3, reference & 0xFF, len(pieces), place]) if many else b""
        body, length = _body(header, chunk, size, packed=septets is not None)
        first = 0x51 if many else 0x11  # SMS-SUBMIT, relative validity, header or none
        frame = bytes([first, 0]) + address + bytes([0, coding, 0x00, length]) + body
        made.append(Pdu("00" + frame.hex().upper(), len(frame)))
    return made


def _address(untrusted: str) -> bytes:
    """The number in half-bytes. Raises Refused."""
    plain = "".join(sign for sign in untrusted if sign not in " -().")
    digits = re.sub(r"^(\+|00)", "", plain)
    international = digits != plain
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 15):
        raise Refused("This is not a telephone number")
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2))
    return bytes([len(digits), 0x91 if international else 0x81]) + bytes.fromhex(swapped)


def _septets(text: str) -> list[int] | None:
    """The text in the 7-bit alphabet, or None when a sign is not in it."""
    found: list[int] = []
    for sign in text:
        if sign in _MORE:
            found += [_ESCAPE, _MORE[sign]]
        elif sign in _BASIC and sign != "\x1b":
            found.append(_BASIC.index(sign))
        else:
            return None
    return found


def _split_septets(septets: list[int]) -> list[list[int]]:
    """Parts that fit; a sign of two septets is never cut in two."""
    if len(septets) <= _SEPTETS:
        return [septets] if septets else []
    found: list[list[int]] = []
    rest = septets
    while rest:
        end = min(_SEPTETS_OF_PART, len(rest))
        if end < len(rest) and rest[end - 1] == _ESCAPE:
            end -= 1
        found.append(rest[:end])
        rest = rest[end:]
    return found


def _split_ucs2(text: str) -> list[bytes]:
    """Parts that fit; a sign of two code units is never cut in two."""
    if len(text.encode("utf-16-be")) <= _BYTES:
        return [text.encode("utf-16-be")] if text else []
    found, part = [], b""
    for sign in text:
        code = sign.encode("utf-16-be")
        if len(part) + len(code) > _BYTES_OF_PART:
            found.append(part)
            part = b""
        part += code
    return [*found, part]


def _body(header: bytes, chunk: bytes, size: int, *, packed: bool) -> tuple[bytes, int]:
    """The user data and its length: in septets for the 7-bit alphabet, else in bytes."""
    if not packed:
        return header + chunk, len(header) + size
    fill = (-len(header) * 8) % 7
    taken = (len(header) * 8 + fill) // 7
    bits = sum(septet << (7 * place) for place, septet in enumerate(chunk)) << fill
    width = (size * 7 + fill + 7) // 8
    return header + bits.to_bytes(width, "little"), taken + size
