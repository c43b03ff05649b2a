"""The real panel: opened when it is first needed, painted only where it changed, opened again when it fell out.

It must never let a driver's own error reach the loop: a panel that does not answer is `HardwareMissing`, and the
next frame tries again from the beginning. A panel that came back is painted whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import luma.core.error
from gpiozero import GPIOZeroError

from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Frame

WHOLE_EVERY = 300.0
_TROUBLE = (luma.core.error.Error, GPIOZeroError, OSError, ImportError)


class Glass(Protocol):
    """One opened panel. `paint` sends what differs from the last frame, or everything when `whole`."""

    def paint(self, frame: Frame, *, whole: bool) -> None: ...

    def contrast(self, level: int) -> None: ...

    def light(self, *, on: bool) -> None: ...

    def close(self) -> None: ...


class OledPanel:
    """A panel behind a bus. `monotonic` is in seconds; every five minutes the glass is painted whole."""

    def __init__(self, open_glass: Callable[[], Glass], monotonic: Callable[[], float]) -> None:
        self._open_glass = open_glass
        self._monotonic = monotonic
        self._glass: Glass | None = None
        self._shown: Frame | None = None
        self._whole_at = 0.0

    def show(self, frame: Frame) -> None:
        """Show this frame; an equal one costs nothing. Raises HardwareMissing when the panel does not answer."""
        try:
            self._show(frame)
        except _TROUBLE as lost:
            self._forget()
            raise HardwareMissing("The panel does not answer") from lost

    def close(self) -> None:
        """Leave the glass dark: no code may stay lit when nobody watches over it."""
        try:
            if self._glass is not None:
                self._glass.light(on=False)
        except _TROUBLE:
            return
        finally:
            self._forget()

    def _show(self, frame: Frame) -> None:
        glass = self._glass or self._opened()
        now = self._monotonic()
        before = self._shown
        whole = before is None or (frame.lit and now - self._whole_at >= WHOLE_EVERY)
        if frame == before and not whole:
            return
        if frame.lit:
            glass.paint(frame, whole=whole)
            self._whole_at = now if whole else self._whole_at
        if before is None or whole or before.contrast != frame.contrast:
            glass.contrast(frame.contrast)
        if before is None or whole or before.lit != frame.lit:
            glass.light(on=frame.lit)
        self._shown = frame

    def _opened(self) -> Glass:
        self._glass = self._open_glass()
        self._shown = None
        return self._glass

    def _forget(self) -> None:
        glass, self._glass, self._shown = self._glass, None, None
        try:
            if glass is not None:
                glass.close()
        except _TROUBLE:
            return
