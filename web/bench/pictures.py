"""Pictures in and out of the bench: what is put before the camera becomes grey rows, what is on the glass a PNG.

Every picture that comes in is outside input: its size, its kind and its pixels are checked before it is kept.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field

import segno
from PIL import Image

from appliance.core.errors import Refused

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 24_000_000
LONGEST_TEXT = 2900
_FORMATS = ("PNG", "JPEG", "WEBP")
_LARGEST, _SMALLEST = 1600, 480
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Grey:
    """Grey rows, one byte a pixel."""

    width: int
    height: int
    rows: bytes = field(repr=False)


def grey_from_picture(untrusted_bytes: bytes) -> Grey:
    """What a camera sees of this PNG, JPEG or WebP. Raises Refused."""
    if not untrusted_bytes:
        raise Refused("Send a picture as the body")
    if len(untrusted_bytes) > MOST_BYTES:
        raise Refused("The picture is larger than 8 MiB")
    try:
        with Image.open(io.BytesIO(untrusted_bytes), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("The picture has too many pixels")
            return _grey(_on_white(picture))
    except _BROKEN as wrong:
        raise Refused("That is not a PNG, JPEG or WebP picture") from wrong


def grey_from_text(untrusted_text: str) -> Grey:
    """A QR code of this text, as if printed on paper. Raises Refused."""
    if not untrusted_text:
        raise Refused("Type or paste the text of the QR code")
    if len(untrusted_text.encode(errors="replace")) > LONGEST_TEXT:
        raise Refused("This text is too long for a QR code")
    try:
        code = segno.make(untrusted_text, micro=False)
    except (ValueError, UnicodeError) as wrong:
        raise Refused("This text cannot be put in a QR code") from wrong
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=6, border=6)
    with Image.open(drawn) as picture:
        return _grey(picture.convert("L"))


def png_of_grey(width: int, height: int, rows: bytes) -> bytes:
    """These grey rows as a PNG."""
    return _png(Image.frombytes("L", (width, height), rows))


def png_of_bits(width: int, height: int, bits: bytes, scale: int) -> bytes:
    """These packed one-bit rows as a PNG, each pixel `scale` pixels wide."""
    picture = Image.frombytes("1", (width, height), bits)
    if scale > 1:
        picture = picture.resize((width * scale, height * scale), Image.Resampling.NEAREST)
    return _png(picture)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("L")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    return paper.convert("L")


def _grey(picture: Image.Image) -> Grey:
    """At a size that a camera has: large ones are scaled down, tiny ones come nearer."""
    longest = max(picture.size)
    if longest > _LARGEST:
        picture.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    elif longest < _SMALLEST:
        nearer = -(-_SMALLEST // longest)
        picture = picture.resize(
            (picture.width * nearer, picture.height * nearer), Image.Resampling.NEAREST
        )
    return Grey(picture.width, picture.height, picture.tobytes())


def _png(picture: Image.Image) -> bytes:
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    return drawn.getvalue()
