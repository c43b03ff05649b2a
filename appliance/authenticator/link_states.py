"""How the lines to the portals are, as the courier tells it, boiled down to the health of network and portal.

The courier is not trusted with anything but this; what it says can make a light blink, never a code or a signature.
"""

from __future__ import annotations

from appliance.core.events import Event, Health, PartChanged
from appliance.core.troubles import Trouble

CONNECTED = "connected"


class LinkStates:
    """The last word about every line. One thread uses it."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self._told: dict[str, Health] = {}

    def heard(self, link: str, untrusted_state: str) -> tuple[Event, ...]:
        """Take one report; the parts whose health changed come back as events."""
        known = untrusted_state == CONNECTED or untrusted_state in tuple(Trouble)
        self._states[link] = untrusted_state if known else Trouble.PORTAL_DOWN.value
        return self._changes()

    def drop(self, link: str) -> tuple[Event, ...]:
        """This line is kept no longer."""
        self._states.pop(link, None)
        return self._changes()

    def forget(self) -> tuple[Event, ...]:
        """No line is kept any more."""
        self._states.clear()
        return self._changes()

    def _changes(self) -> tuple[Event, ...]:
        now = {"network": self._network(), "portal": self._portal()}
        changed = {part: health for part, health in now.items() if self._told.get(part) != health}
        self._told |= changed
        return tuple(PartChanged(part, health) for part, health in changed.items())

    def _network(self) -> Health:
        if not self._states:
            return Health.UNKNOWN
        down = all(state == Trouble.NO_NETWORK for state in self._states.values())
        return Health.BAD if down else Health.GOOD

    def _portal(self) -> Health:
        if not self._states:
            return Health.UNKNOWN
        well = all(state == CONNECTED for state in self._states.values())
        return Health.GOOD if well else Health.BAD
