"""A model of the SSD1306 and SH1106 controllers: fed with the bytes on the bus, it gives the picture on the glass.

Written from the datasheets' command tables. A command it does not know fails the test that sent it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

ARGUMENTS = {
    0x20: 1,
    0x21: 2,
    0x22: 2,
    0x81: 1,
    0x8D: 1,
    0xA8: 1,
    0xAD: 1,
    0xD3: 1,
    0xD5: 1,
    0xD9: 1,
    0xDA: 1,
    0xDB: 1,
}
IGNORED = (0x8D, 0xA8, 0xAD, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB, 0xA4, 0xA6, 0xE3, 0x2E)


@dataclass
class Controller:
    """The common part: 8 pages of display memory, a pointer, and how memory is wired to the glass."""

    columns: int = 128
    first: int = 0
    on: bool = False
    contrast: int = 0x7F
    remapped: bool = False
    downwards: bool = False
    start_line: int = 0
    page: int = 0
    column: int = 0
    pending: list[int] = field(default_factory=list)
    counted: int = 0

    def __post_init__(self) -> None:
        self.memory = np.random.default_rng(7).integers(0, 256, (8, self.columns), np.uint8)

    def command(self, *words: int) -> None:
        """Take command bytes."""
        self.counted += len(words)
        for word in words:
            self.pending.append(word)
            if len(self.pending) > self.arguments(self.pending[0]):
                done, self.pending = self.pending, []
                self.obey(done[0], done[1:])

    def data(self, data: list[int]) -> None:
        """Take display data at the pointer."""
        self.counted += len(data)
        for byte in data:
            self.store(byte)

    def cleanup(self) -> None:
        """The bus was given back."""

    def arguments(self, word: int) -> int:
        return ARGUMENTS.get(word, 0)

    def obey(self, word: int, given: list[int]) -> None:
        if word in (0xAE, 0xAF):
            self.on = word == 0xAF
        elif word == 0x81:
            self.contrast = given[0]
        elif word in (0xA0, 0xA1):
            self.remapped = word == 0xA1
        elif word in (0xC0, 0xC8):
            self.downwards = word == 0xC8
        elif 0x40 <= word <= 0x7F:
            self.start_line = word & 63
        elif 0xB0 <= word <= 0xB7:
            self.page = word & 7
        elif word < 0x10:
            self.column = self.column & 0xF0 | word
        elif word < 0x20:
            self.column = self.column & 0x0F | (word & 0x0F) << 4
        else:
            assert word in IGNORED, f"unknown command {word:#x}"

    def store(self, byte: int) -> None:
        raise NotImplementedError

    def picture(self) -> np.ndarray:
        """The 64 rows of 128 pixels on the glass, 1 = lit; modules are upright with A1h and C8h."""
        rows = np.unpackbits(self.memory, axis=0, bitorder="little")
        rows = np.roll(rows, -self.start_line, axis=0)
        rows = rows if self.downwards else rows[::-1]
        seen = rows[:, self.first : self.first + 128]
        seen = seen if self.remapped else seen[:, ::-1]
        return seen if self.on else np.zeros_like(seen)


@dataclass
class Ssd1306(Controller):
    """A window through which the pointer runs row by row, or one page in which it comes round (datasheet, 20h)."""

    window: tuple[int, int, int, int] = (0, 127, 0, 7)
    paged: bool = True

    def obey(self, word: int, given: list[int]) -> None:
        left, right, top, bottom = self.window
        if word == 0x20:
            assert given[0] in (0, 2), "vertical addressing is not modelled"
            self.paged = given[0] == 2
        elif word == 0x21:
            self.window = (given[0], given[1], top, bottom)
            self.column = given[0]
        elif word == 0x22:
            self.window = (left, right, given[0] & 7, given[1] & 7)
            self.page = given[0] & 7
        else:
            super().obey(word, given)

    def store(self, byte: int) -> None:
        left, right, top, bottom = self.window
        if self.paged:
            self.memory[self.page, self.column & 127] = byte
            self.column = (self.column + 1) & 127
            return
        self.memory[self.page, self.column] = byte
        self.column += 1
        if self.column > right:
            self.column = left
            self.page = top if self.page >= bottom else self.page + 1


@dataclass
class Sh1106(Controller):
    """132 columns of which the glass shows 128 from the third on; the pointer stays in its page."""

    columns: int = 132
    first: int = 2

    def arguments(self, word: int) -> int:
        return 0 if word in (0x20, 0x21, 0x22) else super().arguments(word)

    def obey(self, word: int, given: list[int]) -> None:
        if not 0x20 <= word <= 0x3F:
            super().obey(word, given)

    def store(self, byte: int) -> None:
        if self.column < self.columns:
            self.memory[self.page, self.column] = byte
            self.column += 1


MODELS = {"ssd1306": Ssd1306, "ssd1309": Ssd1306, "sh1106": Sh1106}
