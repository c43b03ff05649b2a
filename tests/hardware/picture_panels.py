"""Models of the SSD1327 (grey) and the SSD1351 (colour): fed with luma's bytes, they give the picture on the glass.

Written from the datasheets: a window of columns (15h) and rows (75h) through which the pointer runs row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

COLUMNS, ROWS, WRITE, SLEEP, WAKE = 0x15, 0x75, 0x5C, 0xAE, 0xAF


@dataclass
class PicturePanel:
    """A square of 128 x 128; `memory` is what each pixel shines, 0 is dark."""

    on: bool = False
    columns: tuple[int, int] = (0, 127)
    rows: tuple[int, int] = (0, 127)
    written: list[int] = field(default_factory=list)
    counted: int = 0

    def __post_init__(self) -> None:
        self.memory = np.full((128, 128), 1, np.uint8)

    def command(self, *words: int) -> None:
        """Take one command with its arguments, or several in a row."""
        self.counted += len(words)
        self.obey(list(words))

    def data(self, data: list[int]) -> None:
        """Take pixels into the window."""
        self.counted += len(data)
        self.store(np.array(data, np.uint8))

    def cleanup(self) -> None:
        """The bus was given back."""

    def obey(self, words: list[int]) -> None:
        if words[0] in (SLEEP, WAKE):
            self.on = words[0] == WAKE
        if COLUMNS in words[:1]:
            self.columns = (words[1], words[2])
            words = words[3:] or [0]
        if ROWS in words[:1]:
            self.rows = (words[1], words[2])

    def store(self, data: np.ndarray) -> None:
        raise NotImplementedError

    def picture(self) -> np.ndarray:
        """1 where the glass shines."""
        return (self.memory > 0).astype(np.uint8) if self.on else np.zeros((128, 128), np.uint8)


class Ssd1327(PicturePanel):
    """Two pixels a byte, the left one in the low half; a column address is a byte."""

    def store(self, data: np.ndarray) -> None:
        left, right = self.columns[0] * 2, self.columns[1] * 2 + 2
        pixels = np.stack((data & 0x0F, data >> 4), axis=1).reshape(-1, right - left)
        self.memory[self.rows[0] : self.rows[1] + 1, left:right] = pixels


@dataclass
class Ssd1351(PicturePanel):
    """Two bytes a pixel; arguments come as data after their command, pixels after 5Ch."""

    asked: int = 0

    def obey(self, words: list[int]) -> None:
        self.asked = words[0]
        super().obey(words if len(words) > 1 or words[0] in (SLEEP, WAKE) else [0])

    def store(self, data: np.ndarray) -> None:
        if self.asked != WRITE:
            super().obey([self.asked, *data.tolist()])
            return
        left, right = self.columns[0], self.columns[1] + 1
        pixels = data.reshape(-1, right - left, 2).max(axis=2)
        self.memory[self.rows[0] : self.rows[1] + 1, left:right] = pixels


PICTURE_MODELS = {"ssd1327": Ssd1327, "ssd1351": Ssd1351}
