"""What each part says when the person tests the connection: what is known now, and a short look through the camera.

Tests nothing by doing harm: nothing is signed, stored or sent for it.
"""

from __future__ import annotations

from appliance.core.desk import Desk
from appliance.core.events import Event, Health, PartTested
from appliance.core.troubles import Trouble

CAMERA_SECONDS = 10.0
CURES = {"network": Trouble.NO_NETWORK, "portal": Trouble.PORTAL_DOWN}


def known(desk: Desk) -> tuple[Event, ...]:
    """The parts whose state is known without asking; the camera answers later."""
    shows = desk.now.trust.shows_codes
    clock = PartTested("clock", Health.GOOD) if shows else _bad("clock", Trouble.CLOCK)
    lines = tuple(_line(desk, part, cure) for part, cure in CURES.items())
    return (PartTested("panel", desk.facts.part("panel")), clock, _key(), *lines)


def _key() -> PartTested:
    """Whoever asked for the test pressed the key."""
    return PartTested("key", Health.GOOD)


def _line(desk: Desk, part: str, cure: Trouble) -> PartTested:
    good = desk.facts.part(part) is Health.GOOD
    return PartTested(part, Health.GOOD) if good else _bad(part, cure)


def _bad(part: str, why: Trouble) -> PartTested:
    return PartTested(part, Health.BAD, why)
