"""Reads SMS-SUBMIT the other way round, written from 3GPP TS 23.040 and not from our own writer."""

from __future__ import annotations

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
MORE = dict(zip([10, 20, 40, 41, 47, 60, 61, 62, 64, 101], "\f^{}\\[~]|€", strict=True))


def decoded(pdus: list[str]) -> tuple[str, str]:
    """Number and text of the parts of one message, put together in their order."""
    read = sorted(_part(bytes.fromhex(pdu)) for pdu in pdus)
    references = {part[2] for part in read}
    assert len(references) == 1
    raw = [part[3] for part in read]
    text = "".join(raw) if isinstance(raw[0], str) else ""
    return read[0][1], text


def _part(frame: bytes) -> tuple[int, str, int, str]:
    assert frame[0] == 0
    first, digits, kind = frame[1], frame[3], frame[4]
    assert first & 0x03 == 1
    size = (digits + 1) // 2
    swapped = frame[5 : 5 + size].hex().upper()
    number = "".join(swapped[at + 1] + swapped[at] for at in range(0, len(swapped), 2))
    number = ("+" if kind == 0x91 else "") + number.rstrip("F")
    coding, length = frame[6 + size], frame[8 + size]
    body = frame[9 + size :]
    header = body[: body[0] + 1] if first & 0x40 else b""
    place, reference = (header[5], header[3]) if header else (1, 0)
    if coding == 8:
        assert length == len(body) <= 140
        return place, number, reference, body[len(header) :].decode("utf-16-be")
    assert len(body) <= 140
    return place, number, reference, _gsm(body, length, len(header))


def _gsm(body: bytes, length: int, header: int) -> str:
    bits = int.from_bytes(body, "little")
    septets = [(bits >> (7 * at)) & 0x7F for at in range(length)]
    septets = septets[(header * 8 + 6) // 7 :]
    text, more = "", False
    for septet in septets:
        if septet == 27:
            more = True
        else:
            text += MORE[septet] if more else GSM[septet]
            more = False
    return text
