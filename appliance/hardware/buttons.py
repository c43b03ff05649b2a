"""The keys on real pins. The kernel only reports edges here: debounce and the meaning of a press are our own rules.

A thread sleeps in the kernel until a pin changes, and each edge carries the moment of its interrupt: a busy device
measures a hold rightly. Source: `core/presses.py`.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from appliance.core.errors import HardwareMissing
from appliance.hardware.kernel_lines import Change
from appliance.hardware.ports import Edge


class Lines(Protocol):
    """The pins of all keys, as `kernel_lines.KernelLines`; every call may raise OSError."""

    @property
    def fd(self) -> int: ...

    def changes(self) -> Sequence[Change]: ...

    def check(self) -> None: ...

    def release(self) -> None: ...


OpenLines = Callable[[tuple[int, ...], bool], Lines]


class GpioButtons:
    """Keys by role on these pins; their edges come in the order of the interrupts."""

    def __init__(self, pins: Mapping[str, int], *, active_low: bool, lines: OpenLines) -> None:
        self._roles = {pin: role for role, pin in pins.items()}
        try:
            self._lines = lines(tuple(self._roles), active_low)
        except OSError as absent:
            raise HardwareMissing("The keys do not answer") from absent
        self._ended, self._end = os.pipe()
        self._reader: threading.Thread | None = None

    def listen(self, on_edge: Callable[[Edge], None]) -> None:
        """Report every edge from now on, bounce and all."""
        reading = threading.Thread(target=self._read, args=(on_edge,), name="keys", daemon=True)
        self._reader = reading
        reading.start()

    def alive(self) -> bool:
        """Whether every pin can be read now, and somebody listens to it."""
        if self._reader is not None and not self._reader.is_alive():
            return False
        try:
            self._lines.check()
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Give the pins back."""
        os.write(self._end, b".")
        if self._reader is not None:
            self._reader.join()
        self._lines.release()
        os.close(self._ended)
        os.close(self._end)

    def _read(self, on_edge: Callable[[Edge], None]) -> None:
        waiting = select.poll()
        waiting.register(self._ended, select.POLLIN)
        waiting.register(self._lines.fd, select.POLLIN)
        with suppress(OSError):  # the pins are gone, and `alive` says so
            while self._ended not in dict(waiting.poll()):
                for change in self._lines.changes():
                    on_edge(Edge(self._roles[change.pin], change.active, change.at))
