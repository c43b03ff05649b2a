"""The keys on real pins. gpiozero only reports edges here: debounce and the meaning of a press are our own rules.

Source: `core/presses.py`; gpiozero's own bounce time is known to lose releases, so it stays off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gpiozero import Button, GPIOZeroError

from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Edge


class GpioButtons:
    """Keys by role on these pins; `monotonic` stamps each edge as the pin's thread sees it."""

    def __init__(
        self, pins: Mapping[str, int], monotonic: Callable[[], float], *, active_low: bool
    ) -> None:
        self._monotonic = monotonic
        self._buttons: dict[str, Button] = {}
        try:
            for role, pin in pins.items():
                self._buttons[role] = Button(pin, pull_up=active_low, bounce_time=None)
        except (GPIOZeroError, OSError) as absent:
            self.close()
            raise HardwareMissing("The keys do not answer") from absent

    def listen(self, on_edge: Callable[[Edge], None]) -> None:
        """Report every edge from now on, bounce and all."""
        for role, button in self._buttons.items():
            button.when_pressed = self._reporter(on_edge, role, down=True)
            button.when_released = self._reporter(on_edge, role, down=False)

    def alive(self) -> bool:
        """Whether every pin can be read now."""
        try:
            return all(button.value in (0, 1) for button in self._buttons.values())
        except (GPIOZeroError, OSError):
            return False

    def close(self) -> None:
        """Give the pins back."""
        for button in self._buttons.values():
            button.close()

    def _reporter(
        self, on_edge: Callable[[Edge], None], role: str, *, down: bool
    ) -> Callable[[], None]:
        return lambda: on_edge(Edge(role, down, self._monotonic()))
