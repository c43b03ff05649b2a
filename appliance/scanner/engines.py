"""The face of a decoder, and the first of the two: a grey picture in, texts and suspects out.

zxing-cpp turns bytes into text by the code's own marks, and UTF-8 where there are none. Nothing here judges a text.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from appliance.scanner.reading import Corners, Grey, Look, Suspect, size

_KINDS, _PLAIN = zxingcpp.BarcodeFormat, zxingcpp.TextMode.Plain
_MODEL_2 = zxingcpp.BarcodeFormats([_KINDS.QRCodeModel2])
_MODELS = zxingcpp.BarcodeFormats([_KINDS.QRCodeModel2, _KINDS.QRCodeModel1])
_ANY_QR = zxingcpp.BarcodeFormats([_KINDS.QRCode])
_CAP = 3  # suspects of one pass worth a second look


class Engine(Protocol):
    """A decoder that looks at one picture."""

    def look(self, grey: Grey) -> Look: ...


class Zxing:
    """zxing-cpp. Only full QR codes are asked for: Micro QR has too few checks and reads out of noise."""

    def glance(self, grey: Grey) -> Look:
        """The cheapest pass: dark on light, at full size. A turned code needs no turned search."""
        found = zxingcpp.read_barcodes(
            grey,
            formats=_MODEL_2,
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
            text_mode=_PLAIN,
        )
        return _sorted(found)

    def look(self, grey: Grey) -> Look:
        """Inverted and smaller too, and it names the codes that it found and could not read."""
        found = zxingcpp.read_barcodes(grey, formats=_MODELS, text_mode=_PLAIN, return_errors=True)
        return _sorted(found)

    def redrawn(self, dark: NDArray[np.bool_]) -> str | None:
        """The text of a symbol given module by module (True is dark)."""
        quiet = np.pad(np.where(dark, 0, 255).astype(np.uint8), 4, constant_values=255)
        drawn = quiet.repeat(3, axis=0).repeat(3, axis=1)
        # asked for a model by name, the pure reader returns an empty code; asked for any QR it reads
        found = zxingcpp.read_barcodes(
            drawn,
            formats=_ANY_QR,
            is_pure=True,
            text_mode=_PLAIN,
        )
        texts = _sorted(found).texts
        return texts[0] if texts else None


def _corners(code: zxingcpp.Barcode) -> Corners:
    place = code.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return tuple((float(point.x), float(point.y)) for point in points)


def _sorted(found: list[zxingcpp.Barcode]) -> Look:
    """Largest first: the code somebody holds before the camera is the one he means."""
    good = [code for code in found if code.valid and code.bytes]
    if len(good) > 1:
        good.sort(key=lambda code: -size(_corners(code)))
    if good:
        return Look(tuple(code.text for code in good))
    suspects = [
        Suspect(version, _corners(code))
        for code in found
        if (version := _version(code)) is not None
    ]
    suspects.sort(key=lambda one: -size(one.corners))
    return Look((), tuple(suspects[:_CAP]))


def _version(code: zxingcpp.Barcode) -> int | None:
    """Which version the decoder took a code for that it could not read; None for a Model 1 or Micro code."""
    extra = code.extra
    named = str(extra.get("Version", "")) if isinstance(extra, dict) else ""
    return int(named) if named.isdigit() and 1 <= int(named) <= 40 else None
