"""The one light, on a pin that can dim. The rhythms are data (`rhythms.py`); this file only plays them."""

from __future__ import annotations

from gpiozero import PWMLED, GPIOZeroError

from appliance.core.effects import Light
from appliance.core.errors import HardwareMissing
from appliance.hardware.player import Player, Tune
from appliance.hardware.ports import Lamp
from appliance.hardware.rhythms import RHYTHMS


class GpioLamp:
    """A light on this pin."""

    def __init__(self, pin: int) -> None:
        try:
            self._led = PWMLED(pin)
        except (GPIOZeroError, OSError) as absent:
            raise HardwareMissing("The light does not answer") from absent
        self._player = Player(self._put)

    def blink(self, light: Light) -> None:
        """Put the light in this rhythm until the next one."""
        rhythm = RHYTHMS[light]
        steps = tuple((beat.level, beat.seconds) for beat in rhythm.beats)
        self._player.play(Tune(steps, rhythm.again))

    def close(self) -> None:
        """Leave it dark and give the pin back."""
        self._player.close()
        self._led.close()

    def _put(self, level: float) -> None:
        self._led.value = level


class NoLamp:
    """A board without a light."""

    def blink(self, light: Light) -> None:
        """Nothing to see."""

    def close(self) -> None:
        """Nothing to give back."""


def open_lamp(pin: int | None) -> Lamp:
    """The light on this pin, or none. Raises HardwareMissing when the pin is out of reach."""
    return NoLamp() if pin is None else GpioLamp(pin)
