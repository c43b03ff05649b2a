"""A chip of pins as the kernel's: edges wait in its line's file with their moment, whether anybody reads or not."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import gpiod
from gpiod.line import Value

RISING, FALLING = gpiod.EdgeEvent.Type.RISING_EDGE, gpiod.EdgeEvent.Type.FALLING_EDGE


class Chip:
    """Pins to be driven by hand; `clock` gives the nanoseconds of an edge."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self.taken: dict[int, ChipLines] = {}

    def lines(self, pins: tuple[int, ...], active_low: bool) -> ChipLines:
        """As `appliance.hardware.buttons.kernel_lines`: all of them for one, or none."""
        if self.taken.keys() & set(pins):
            raise OSError(errno.EBUSY, "taken")
        made = ChipLines(self, pins, low=active_low)
        self.taken.update(dict.fromkeys(pins, made))
        return made

    def drive(self, pin: int, *, high: bool) -> None:
        """Put this pin to the supply or to ground."""
        self.taken[pin].changed(pin, high=high)

    def drive_low(self, pin: int) -> None:
        """To ground."""
        self.drive(pin, high=False)

    def drive_high(self, pin: int) -> None:
        """To the supply."""
        self.drive(pin, high=True)


class ChipLines:
    """Some pins of it, in one file."""

    def __init__(self, chip: Chip, pins: tuple[int, ...], *, low: bool) -> None:
        self._chip, self._low = chip, low
        self._pressed = dict.fromkeys(pins, False)
        self._edges: list[gpiod.EdgeEvent] = []
        self.fd, self._bell = os.pipe()
        self.gone = False

    def changed(self, pin: int, *, high: bool) -> None:
        """A level: an edge when it is a new one."""
        pressed = high is not self._low
        if pressed is self._pressed[pin]:
            return
        self._pressed[pin] = pressed
        kind, number = (RISING if pressed else FALLING).value, len(self._edges)
        self._edges.append(gpiod.EdgeEvent(kind, self._chip.clock(), pin, number, number))
        os.write(self._bell, b".")

    def read_edge_events(self) -> list[gpiod.EdgeEvent]:
        """The oldest edge that waits."""
        os.read(self.fd, 1)
        self._answers()
        return [self._edges.pop(0)]

    def get_values(self) -> list[Value]:
        """All pins."""
        self._answers()
        return [Value.ACTIVE if down else Value.INACTIVE for down in self._pressed.values()]

    def leaves(self) -> None:
        """The chip is gone: nothing answers any more."""
        self.gone = True
        os.write(self._bell, b".")

    def release(self) -> None:
        """Give them back."""
        self._chip.taken = {pin: by for pin, by in self._chip.taken.items() if by is not self}
        os.close(self.fd)
        os.close(self._bell)

    def _answers(self) -> None:
        if self.gone:
            raise OSError(errno.ENODEV, "gone")
