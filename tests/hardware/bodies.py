"""The same device twice: its parts simulated in a world, and its real parts on fake pins and a modelled panel.

Each body has hands (`press`, `release`) and eyes (`seen`, `lamp_levels`, `heard`) beside its parts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from appliance.core.errors import HardwareMissing
from appliance.hardware.buttons import GpioButtons
from appliance.hardware.buzzer import GpioBuzzer
from appliance.hardware.glass import glass_on
from appliance.hardware.lamp import GpioLamp
from appliance.hardware.panel import Glass, OledPanel
from appliance.hardware.ports import Parts
from appliance.hardware.simulated.device import simulated_parts
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from appliance.hardware.system_clock import SystemClock
from tests.hardware.chip import Chip
from tests.hardware.glass import Ssd1306

PINS = {"ok": 17, "back": 21, "next": 20}
LED, BUZZER = 27, 18
DARK = np.zeros((64, 128), np.uint8)


def soon(what: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether this becomes true within so many seconds."""
    wait, until = threading.Event(), time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        wait.wait(0.005)
    return what()


class SimulatedBody:
    """The simulated form: a world moved by hand."""

    def __init__(self, run: Path) -> None:
        self.world = World(time.monotonic)
        self.server = WorldServer(run, self.world)
        self.parts: Parts = simulated_parts(run)

    def press(self, role: str) -> None:
        self.world.move(role, down=True)

    def release(self, role: str) -> None:
        self.world.move(role, down=False)

    def unplug(self) -> None:
        self.world.plug(panel=False, camera=True)

    def plug(self) -> None:
        self.world.plug(panel=True, camera=True)

    def seen(self) -> np.ndarray:
        glass = self.world.now.visible
        if glass is None:
            return DARK
        return np.unpackbits(np.frombuffer(glass.bits, np.uint8).reshape(64, 16), axis=1)

    def lit(self) -> bool:
        return self.world.light_is_on()

    def sounding(self) -> bool:
        return bool(self.world.now.sounds)

    def close(self) -> None:
        self.parts.panel.close()
        self.server.close()


class PinnedBody:
    """The real form: keys on a chip of pins, gpiozero on mock pins, luma on a modelled controller."""

    def __init__(self, factory: MockFactory) -> None:
        self._factory = factory
        self._chip = Chip(time.monotonic)
        self.model = Ssd1306()
        self.plugged = True
        self._sounded = False
        self.lamp = GpioLamp(LED)
        self.buzzer = GpioBuzzer(BUZZER)
        self.parts = Parts(
            panel=OledPanel(self._open, time.monotonic),
            buttons=GpioButtons(PINS, active_low=True, lines=self._chip.lines),
            lamp=self.lamp,
            buzzer=self.buzzer,
            clock=SystemClock(),
        )

    def _open(self) -> Glass:
        if not self.plugged:
            raise HardwareMissing("The panel does not answer")
        return glass_on(Wire(self), "ssd1306", 128, 64, 0)

    def press(self, role: str) -> None:
        self._chip.drive_low(PINS[role])

    def release(self, role: str) -> None:
        self._chip.drive_high(PINS[role])

    def unplug(self) -> None:
        self.plugged = False

    def plug(self) -> None:
        self.plugged = True
        self.model = Ssd1306()

    def seen(self) -> np.ndarray:
        return self.model.picture() if self.plugged else DARK

    def lit(self) -> bool:
        return self._factory.pin(LED).state > 0

    def sounding(self) -> bool:
        return self._factory.pin(BUZZER).state > 0

    def close(self) -> None:
        self.lamp.close()
        self.buzzer.close()
        self.parts.buttons.close()


Body = SimulatedBody | PinnedBody


class Wire:
    """The bus to the modelled panel of a body, which can be out."""

    def __init__(self, body: PinnedBody) -> None:
        self._body = body

    def command(self, *words: int) -> None:
        self._must_be_in()
        self._body.model.command(*words)

    def data(self, data: list[int]) -> None:
        self._must_be_in()
        self._body.model.data(data)

    def cleanup(self) -> None:
        return

    def _must_be_in(self) -> None:
        if not self._body.plugged:
            raise OSError("no answer")


@contextmanager
def mock_pins() -> Iterator[MockFactory]:
    """gpiozero on mock pins that can dim, for the time of a test."""
    before, factory = Device.pin_factory, MockFactory(pin_class=MockPWMPin)
    Device.pin_factory = factory
    try:
        yield factory
    finally:
        factory.close()
        Device.pin_factory = before
