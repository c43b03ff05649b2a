"""From a picture file's bytes to grey rows. The bytes are untrusted: three formats, a limit of pixels, one error."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image

from appliance.core.errors import Refused
from appliance.scanner.reading import Grey

MOST_BYTES = 8 * 1024 * 1024
# a 5K screen, or a telephone's camera; at most 160 MB while it is unpacked
MOST_PIXELS = 20_000_000
_DARK = 128
_FORMATS = ("PNG", "JPEG", "WEBP")
# what Pillow's readers raise for broken files, beside their own UnidentifiedImageError (an OSError)
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    MemoryError,
    struct.error,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    RuntimeError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class NotAPicture(Refused):
    """These bytes are no PNG, JPEG or WebP picture of a reasonable size."""

    def __init__(self) -> None:
        super().__init__("This is not a PNG, JPEG or WebP picture")


def picture_from(untrusted: bytes) -> Grey:
    """Grey rows; what is transparent is white, or black under a white code. Raises NotAPicture."""
    if len(untrusted) > MOST_BYTES:
        raise NotAPicture
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(untrusted), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture
                return np.ascontiguousarray(np.asarray(_grey(picture), dtype=np.uint8))
    except _BROKEN as broken:
        raise NotAPicture from broken


def picture_at(path: Path) -> Grey:
    """The picture in this file. Raises NotAPicture for one that is absent, too large or no picture."""
    try:
        if not path.is_file():  # a pipe without a writer would be waited for
            raise NotAPicture
        with path.open("rb") as file:
            untrusted = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as absent:
        raise NotAPicture from absent
    return picture_from(untrusted)


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.mode in {"RGBA", "LA", "P", "PA", "La", "RGBa"}:
        whole = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        ink, alpha = whole.convert("L"), whole.getchannel("A")
        shades = ink.histogram(alpha)
        # a code drawn in white alone was drawn for a dark page
        light = sum(shades[:_DARK]) < 0.01 * sum(shades)
        paper = Image.new("L", whole.size, 0 if light else 255)
        paper.paste(ink, mask=alpha)
        return paper
    return picture.convert("L")
