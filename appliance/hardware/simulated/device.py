"""The simulated parts of a device, put together on one line to the world."""

from __future__ import annotations

import time
from pathlib import Path

from appliance.hardware.ports import Parts
from appliance.hardware.simulated.link import WorldLink
from appliance.hardware.simulated.parts import (
    SimulatedButtons,
    SimulatedBuzzer,
    SimulatedClock,
    SimulatedLamp,
    SimulatedPanel,
)


def simulated_parts(run: Path) -> Parts:
    """The parts that the world in this run directory moves and sees."""
    link = WorldLink(run)
    return Parts(
        panel=SimulatedPanel(link),
        buttons=SimulatedButtons(link),
        lamp=SimulatedLamp(link),
        buzzer=SimulatedBuzzer(link),
        clock=SimulatedClock(link, time.monotonic, time.time),
    )
