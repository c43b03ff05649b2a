"""The one buzzer. Its melodies are data (`rhythms.py`); whether it may sound at all is decided by the rules."""

from __future__ import annotations

from gpiozero import GPIOZeroError, TonalBuzzer
from gpiozero.tones import Tone

from appliance.core.effects import Sound
from appliance.core.errors import HardwareMissing
from appliance.hardware.player import Player, Tune
from appliance.hardware.ports import Buzzer
from appliance.hardware.rhythms import MELODIES

_OCTAVES = 2


class GpioBuzzer:
    """A buzzer on this pin."""

    def __init__(self, pin: int) -> None:
        try:
            self._buzzer = TonalBuzzer(pin, octaves=_OCTAVES)
        except (GPIOZeroError, OSError) as absent:
            raise HardwareMissing("The buzzer does not answer") from absent
        self._player = Player(self._put)

    def say(self, sound: Sound) -> None:
        """Say this once, from its beginning."""
        notes = tuple((note.hertz, note.seconds) for note in MELODIES[sound])
        self._player.play(Tune((*notes, (0, 0))))

    def close(self) -> None:
        """Fall silent and give the pin back."""
        self._player.close()
        self._buzzer.close()

    def _put(self, hertz: float) -> None:
        if hertz:
            self._buzzer.play(Tone.from_frequency(hertz))
        else:
            self._buzzer.stop()


class NoBuzzer:
    """A board without a buzzer."""

    def say(self, sound: Sound) -> None:
        """Nothing to hear."""

    def close(self) -> None:
        """Nothing to give back."""


def open_buzzer(pin: int | None) -> Buzzer:
    """The buzzer on this pin, or none. Raises HardwareMissing when the pin is out of reach."""
    return NoBuzzer() if pin is None else GpioBuzzer(pin)
