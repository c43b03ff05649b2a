"""luma's view of output pins, on gpiozero: one pin library for everything, also on a board without RPi.GPIO."""

from __future__ import annotations

from gpiozero import OutputDevice


class LumaPins:
    """The few words of RPi.GPIO that luma speaks."""

    OUT = 0
    LOW = 0
    HIGH = 1

    def __init__(self) -> None:
        self._pins: dict[int, OutputDevice] = {}

    def setup(self, pin: int, direction: int, initial: int = LOW) -> None:
        """Make this pin an output; it stays ours until `cleanup`."""
        if pin not in self._pins and direction == self.OUT:
            self._pins[pin] = OutputDevice(pin, initial_value=bool(initial))

    def output(self, pin: int, value: int) -> None:
        """Drive this pin."""
        self._pins[pin].value = bool(value)

    def cleanup(self, pins: object = None) -> None:
        """Give every pin back; luma may name those it used, which are all of them."""
        del pins
        for device in self._pins.values():
            device.close()
        self._pins.clear()
