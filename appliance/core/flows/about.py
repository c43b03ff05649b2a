"""What this device is: version, serial number, and how its secrets are kept."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.events import Event
from appliance.core.flow import Facts, HomeNow, Mode, Turn, stay
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Lines, Screen, text


@dataclass(frozen=True, slots=True)
class About(Mode):
    """The version page."""

    ok_chooses = True


def start(facts: Facts) -> Turn:
    """Show it."""
    return Turn(About())


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Any press goes home."""
    match event:
        case Tapped() | Held():
            return Turn(HomeNow())
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Version, serial, storage."""
    device = facts.device
    lines = (
        text("Version {number}", number=device.software),
        text("Serial {number}", number=device.serial),
        text("Storage: {level}", level=device.storage),
    )
    return Screen(text("About"), Lines(lines), hint=text("Press: back"))


MODES = (About,)
