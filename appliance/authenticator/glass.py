"""The panel as the loop uses it: shows a screen when it changed, and keeps trying when the panel does not answer.

A panel that is gone is tried again after 1, 2, 4 … 30 seconds with a whole new frame; the desk hears both ways and
takes no approval meanwhile. Never decides what is shown.
"""

from __future__ import annotations

import logging
from typing import Protocol

from appliance.core.errors import HardwareMissing
from appliance.core.events import Event, Health, PartChanged
from appliance.core.screen import Lines, Screen, text
from appliance.core.settings import Settings
from appliance.hardware.ports import Frame, Panel

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
DARK = Screen(text(""), Lines(()), lit=False)
log = logging.getLogger("authenticator")


class Paints(Protocol):
    """Whatever turns a screen into a frame."""

    def paint(self, screen: Screen, language: str, brightness: int = ...) -> Frame: ...


class Glass:
    """One panel and its painter. One thread uses it."""

    def __init__(self, panel: Panel, painter: Paints) -> None:
        self._panel = panel
        self._painter = painter
        self._shown: tuple[Screen, str, int] | None = None
        self._health = Health.UNKNOWN
        self._pause = FIRST_PAUSE
        self._again = 0.0
        self._left = False

    def show(self, screen: Screen, settings: Settings, now: float) -> tuple[Event, ...]:
        """Show this, unless it is shown already or the panel rests; the panel's health comes back when it changed."""
        wanted = (screen, settings.language, settings.brightness)
        if self._health is Health.BAD and now < self._again:
            return ()
        if wanted == self._shown and self._health is Health.GOOD:
            return ()
        try:
            self._panel.show(self._painter.paint(*wanted))
        except HardwareMissing as missing:
            return self._lost(str(missing), now)
        self._shown, self._pause = wanted, FIRST_PAUSE
        return self._now(Health.GOOD)

    def leave(self, screen: Screen | None, settings: Settings, now: float) -> None:
        """Show a last screen that stays when the process has gone; None leaves the panel dark."""
        if screen is not None:
            self.show(screen, settings, now)
            self._left = self._health is Health.GOOD

    @property
    def alive(self) -> bool:
        """Whether the panel took the last frame."""
        return self._health is Health.GOOD

    def close(self) -> None:
        """Blank it, unless a last screen was left, and let it go."""
        if self._left:
            return
        try:
            self._panel.show(self._painter.paint(DARK, "en"))
            self._panel.close()
        except HardwareMissing:
            log.info("panel was gone at the end")

    def _lost(self, why: str, now: float) -> tuple[Event, ...]:
        self._shown = None
        self._again, self._pause = now + self._pause, min(2 * self._pause, LONGEST_PAUSE)
        if self._health is not Health.BAD:
            log.warning("panel lost: %s", why)
        return self._now(Health.BAD)

    def _now(self, health: Health) -> tuple[Event, ...]:
        if health is self._health:
            return ()
        self._health = health
        log.info("panel state=%s", health.value)
        return (PartChanged("panel", health),)
