"""A chip of pins as the kernel's: edges wait in its lines' file with their moment, whether anybody reads or not."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

from appliance.hardware.kernel_lines import Change


class Chip:
    """Pins to be driven by hand; `clock` gives the seconds of an edge."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.taken: dict[int, ChipLines] = {}

    def lines(self, pins: tuple[int, ...], active_low: bool) -> ChipLines:
        """As `appliance.hardware.kernel_lines.KernelLines`: all of them for one, or none."""
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
        self._changes: list[Change] = []
        self.fd, self._bell = os.pipe()
        self.gone = False

    def changed(self, pin: int, *, high: bool) -> None:
        """A level: an edge when it is a new one."""
        pressed = high is not self._low
        if pressed is self._pressed[pin]:
            return
        self._pressed[pin] = pressed
        self._changes.append(Change(pin, pressed, self._chip.clock()))
        os.write(self._bell, b".")

    def changes(self) -> list[Change]:
        """The oldest edge that waits."""
        os.read(self.fd, 1)
        self.check()
        return [self._changes.pop(0)]

    def check(self) -> None:
        """Whether they answer."""
        if self.gone:
            raise OSError(errno.ENODEV, "gone")

    def leaves(self) -> None:
        """The chip is gone: nothing answers any more."""
        self.gone = True
        os.write(self._bell, b".")

    def release(self) -> None:
        """Give them back."""
        self._chip.taken = {pin: by for pin, by in self._chip.taken.items() if by is not self}
        os.close(self.fd)
        os.close(self._bell)
