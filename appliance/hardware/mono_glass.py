"""Page-addressed mono panels (SSD1306 and its kin, SH1106): sends only the column runs that changed.

A page is a band of eight pixel rows, one byte a column with the top pixel in bit 0. The frame is packed by numpy
in one go, and goes out through luma's serial interface; luma's own driver has only set the controller up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from appliance.hardware.ports import Frame

Pages = NDArray[np.uint8]


class Bus(Protocol):
    """luma's serial interface, by I2C or SPI."""

    def command(self, *words: int) -> None: ...

    def data(self, data: list[int]) -> None: ...

    def cleanup(self) -> None: ...


class Device(Protocol):
    """What we use of luma's devices."""

    def command(self, *words: int) -> None: ...

    def data(self, data: list[int]) -> None: ...

    def contrast(self, level: int) -> None: ...

    def show(self) -> None: ...

    def hide(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Run:
    """Columns `start` up to but not including `stop` of one page."""

    page: int
    start: int
    stop: int


def pack(frame: Frame, *, upside_down: bool = False) -> Pages:
    """The frame as the controller keeps it: one row a page, one byte a column."""
    packed = np.frombuffer(frame.bits, np.uint8)
    rows = np.unpackbits(packed.reshape(frame.height, -1), axis=1, count=frame.width)
    rows = rows[::-1, ::-1] if upside_down else rows
    bands = rows.reshape(frame.height // 8, 8, frame.width)
    return np.packbits(bands, axis=1, bitorder="little")[:, 0, :]


def runs(before: Pages, after: Pages, gap: int) -> Iterator[Run]:
    """What to send to turn one picture into the other; equal columns between two changes are sent if at most `gap`."""
    width = after.shape[1]
    changed = np.flatnonzero(before != after)
    if not len(changed):
        return
    left, right = changed[:-1], changed[1:]
    breaks = np.flatnonzero((right - left > gap + 1) | (right // width != left // width))
    starts = changed[[0, *(breaks + 1).tolist()]].tolist()
    stops = changed[[*breaks.tolist(), -1]].tolist()
    for start, stop in zip(starts, stops, strict=True):
        page, column = divmod(start, width)
        yield Run(page, column, stop - page * width + 1)


@dataclass(frozen=True, slots=True)
class Addressing:
    """How a controller is pointed at a run: a page, and a column counted from the `first` one that the glass shows.

    `begin` puts the controller into that habit once. Pointing costs three bytes, so `gap` equal columns between two
    changes are sent along rather than pointed over.
    """

    begin: tuple[int, ...] = ()
    first: int = 0
    gap: int = 4

    def point(self, run: Run) -> tuple[int, ...]:
        """The page and the first column of this run (datasheets, commands B0h, 00h and 10h)."""
        column = run.start + self.first
        return 0xB0 | run.page, column & 0x0F, 0x10 | column >> 4


SSD1306 = Addressing(begin=(0x20, 0x02))  # also SSD1309: page addressing costs half of a window
SH1106 = Addressing(first=2)  # 132 columns of which the glass shows 128 from the third on


class MonoGlass:
    """One opened mono panel; `bus` is closed with it."""

    def __init__(
        self, device: Device, addressing: Addressing, bus: Bus, *, upside_down: bool = False
    ) -> None:
        self._device = device
        self._addressing = addressing
        self._bus = bus
        self._upside_down = upside_down
        self._shown: Pages | None = None
        if addressing.begin:
            device.command(*addressing.begin)

    def paint(self, frame: Frame, *, whole: bool) -> None:
        """Send what changed, or everything."""
        pages = pack(frame, upside_down=self._upside_down)
        before, self._shown = self._shown, None
        if before is None or whole:
            wanted = (Run(page, 0, frame.width) for page in range(len(pages)))
        else:
            wanted = (run for run in runs(before, pages, self._addressing.gap))
        for run in wanted:
            self._device.command(*self._addressing.point(run))
            self._device.data(pages[run.page, run.start : run.stop].tolist())
        self._shown = pages

    def contrast(self, level: int) -> None:
        """Set the contrast, 0 to 255."""
        self._device.contrast(level)

    def light(self, *, on: bool) -> None:
        """Wake the glass or put it to sleep; its memory stays."""
        if on:
            self._device.show()
        else:
            self._device.hide()

    def close(self) -> None:
        """Give the bus back."""
        self._bus.cleanup()
