"""How far the clocks of push servers are from ours, by their own word: for the times in polls, and for nothing else.

No code is ever made with it: a server that lies about the time can only make this device deaf to itself.
"""

from __future__ import annotations

from appliance.core.clock_trust import Now
from appliance.core.events import Event, Health, PartChanged
from appliance.credentials.privacyidea.answers import YEAR_2000

SMALL, WINDOW = 5.0, 60.0


class ServerClocks:
    """One offset a server, in seconds. One thread uses it; nothing of it is stored."""

    def __init__(self) -> None:
        self._away: dict[str, float] = {}
        self._told = Health.UNKNOWN

    def at(self, server: str, now: Now) -> float:
        """What this server's clock says now, as far as is known, in Unix seconds."""
        return max(YEAR_2000, now.wall + self._away.get(server, 0.0))

    def heard(self, server: str, server_time: float, now: Now) -> tuple[Event, ...]:
        """The server's clock as it was told just now; 0 tells nothing. The panel says when ours is far off."""
        if server_time <= 0:
            return ()
        away = server_time - now.wall
        self._away[server] = away if abs(away) > SMALL else 0.0
        health = Health.BAD if any(abs(a) > WINDOW for a in self._away.values()) else Health.GOOD
        if health is self._told:
            return ()
        self._told = health
        return (PartChanged("clock", health),)

    def is_right(self, server: str, server_time: float, now: Now) -> bool:
        """Whether a poll signed now would be inside the server's window."""
        return server_time > 0 and abs(self.at(server, now) - server_time) < WINDOW

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._away.clear()
        self._told = Health.UNKNOWN
