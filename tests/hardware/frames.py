"""Frames for the tests of panels: any picture, with words that do not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from appliance.hardware.ports import Frame, Words

WORDS = Words("Title", ("a line",), "a hint", 0.5, "en")
BLACK = Frame(128, 64, bytes(1024), WORDS)


def frame_of(pixels: np.ndarray) -> Frame:
    """A frame of these rows of 0 and 1."""
    height, width = pixels.shape
    return Frame(width, height, np.packbits(pixels, axis=1).tobytes(), WORDS)


def pixels_of(frame: Frame) -> np.ndarray:
    """The rows of 0 and 1 of a frame."""
    rows = np.frombuffer(frame.bits, np.uint8).reshape(frame.height, -1)
    return np.unpackbits(rows, axis=1)[:, : frame.width]


def with_box(frame: Frame, left: int, top: int, width: int, height: int) -> Frame:
    """The frame with this box inverted."""
    pixels = pixels_of(frame).copy()
    pixels[top : top + height, left : left + width] ^= 1
    return replace(frame, bits=np.packbits(pixels, axis=1).tobytes())


boxes = st.tuples(st.integers(0, 127), st.integers(0, 63), st.integers(1, 128), st.integers(1, 64))
sequences = st.lists(st.lists(boxes, min_size=0, max_size=4), min_size=1, max_size=8)
