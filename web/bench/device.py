"""What the page and the API may ask of the device as a machine: its plug, and how its processes are.

The real one is the supervisor; tests have a quiet second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Device(Protocol):
    """A device with a plug."""

    @property
    def page(self) -> str:
        """The address of the page that the device serves itself."""

    def power(self, *, on: bool) -> None:
        """Kill every process at once, or start them; returns when it is done."""

    def processes(self) -> Mapping[str, str]:
        """Process by name, and its state: `running`, `waiting`, `failed` or `off`."""
