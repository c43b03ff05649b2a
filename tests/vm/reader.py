"""Finds words on the glass from pixels alone: drawn in each of our fonts, at any place, lit or inverted.

It knows nothing of what the device meant to show; words that are cut or overlapped are not found.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np

from appliance.authenticator.painting.font import Font
from appliance.authenticator.painting.type_case import load_all

CASE = load_all()
FONTS: dict[str, Font] = {kind.name: getattr(CASE, kind.name) for kind in fields(CASE)}


def shows(picture: np.ndarray, words: str) -> bool:
    """Whether these words stand on the glass: 64 rows of 128 pixels, 1 = lit."""
    return any(found(picture, words, font) for font in FONTS if _has(FONTS[font], words))


def marks(picture: np.ndarray, words: str) -> bool:
    """Whether these words stand there dark on a lit bar, as the line of a list that a hold would take."""
    return any(
        _within(picture, 1 - _drawn(words, font)) for font in FONTS if _has(FONTS[font], words)
    )


def found(picture: np.ndarray, words: str, font: str) -> bool:
    """The same for the font of this name."""
    pattern = _drawn(words, font)
    return _within(picture, pattern) or _within(picture, 1 - pattern)


def _has(font: Font, words: str) -> bool:
    return all(letter in font.written for letter in words)


@cache
def _drawn(words: str, name: str) -> np.ndarray:
    """The words as a small picture, cut to their lit pixels."""
    font = FONTS[name]
    height = font.cap + font.tail + 8
    canvas = np.zeros((height, font.width(words) + 8), np.uint8)
    pen = 0
    for letter in words:
        glyph = font.glyph(letter)
        top = font.cap + 4 - glyph.bottom - len(glyph.rows)
        for row, bits in enumerate(glyph.rows):
            for x in range(glyph.width):
                if bits >> (glyph.width - 1 - x) & 1:
                    canvas[top + row, pen + glyph.left + x] = 1
        pen += glyph.advance
    rows, columns = np.nonzero(canvas)
    return canvas[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _within(picture: np.ndarray, pattern: np.ndarray) -> bool:
    """Whether the pattern lies somewhere in the picture, pixel by pixel."""
    height, width = pattern.shape
    if height > picture.shape[0] or width > picture.shape[1]:
        return False
    windows = np.lib.stride_tricks.sliding_window_view(picture, pattern.shape)
    rows, columns = np.nonzero((windows[:, :, 0, :] == pattern[0]).all(axis=2))
    return any(np.array_equal(windows[y, x], pattern) for y, x in zip(rows, columns, strict=True))
