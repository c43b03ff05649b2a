"""The keys on real pins. The kernel only reports edges here: debounce and the meaning of a press are our own rules.

A thread sleeps in the kernel until a pin changes, and each edge carries the moment of its interrupt: a busy device
measures a hold rightly. (gpiozero's keys wake 2,000 times a second, 5 % of a Pi 4's core: joan2937/lg issue 26.)
Source: `core/presses.py`.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import gpiod
from gpiod.line import Bias, Direction, Value
from gpiod.line import Edge as Watched

from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Edge

CHIPS = (Path("/dev/gpiochip0"), Path("/dev/gpiochip4"))
HEADER = "pinctrl-"  # how the chip that has the header's pins is labelled, on every board
ROOM = 1024  # edges that the kernel keeps for us; a contact may bounce while nobody reads
PRESSED = gpiod.EdgeEvent.Type.RISING_EDGE


class Lines(Protocol):
    """The pins of all keys, as `gpiod.LineRequest` has them; every call may raise OSError."""

    @property
    def fd(self) -> int: ...

    def read_edge_events(self) -> Sequence[gpiod.EdgeEvent]: ...

    def get_values(self) -> Sequence[Value]: ...

    def release(self) -> None: ...


OpenLines = Callable[[tuple[int, ...], bool], Lines]


class GpioButtons:
    """Keys by role on these pins; their edges come in the order of the interrupts."""

    def __init__(
        self,
        pins: Mapping[str, int],
        *,
        active_low: bool,
        lines: OpenLines,
    ) -> None:
        self._roles = {pin: role for role, pin in pins.items()}
        self._turn = threading.Lock()  # gpiod wants one caller at a time
        self._ended, self._end = os.pipe()
        self._reader: threading.Thread | None = None
        try:
            self._lines = lines(tuple(self._roles), active_low)
        except OSError as absent:
            self._hang_up()
            raise HardwareMissing("The keys do not answer") from absent

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
            with self._turn:
                return len(self._lines.get_values()) == len(self._roles)
        except OSError:
            return False

    def close(self) -> None:
        """Give the pins back."""
        os.write(self._end, b".")
        if self._reader is not None:
            self._reader.join()
        self._lines.release()
        self._hang_up()

    def _hang_up(self) -> None:
        os.close(self._ended)
        os.close(self._end)

    def _read(self, on_edge: Callable[[Edge], None]) -> None:
        waiting = select.poll()
        waiting.register(self._ended, select.POLLIN)
        waiting.register(self._lines.fd, select.POLLIN)
        with suppress(OSError):  # the pins are gone, and `alive` says so
            while self._ended not in dict(waiting.poll()):
                with self._turn:
                    changes = self._lines.read_edge_events()
                for change in changes:
                    on_edge(self._edge(change))

    def _edge(self, change: gpiod.EdgeEvent) -> Edge:
        role = self._roles[change.line_offset]
        return Edge(role, change.event_type is PRESSED, change.timestamp_ns / 1e9)


def kernel_lines(pins: tuple[int, ...], active_low: bool) -> Lines:
    """These pins of the header, for us alone, drawn to where an open contact leaves them. Raises OSError."""
    bias = Bias.PULL_UP if active_low else Bias.PULL_DOWN
    watched = gpiod.LineSettings(
        direction=Direction.INPUT, edge_detection=Watched.BOTH, bias=bias, active_low=active_low
    )
    return gpiod.request_lines(
        str(header(CHIPS)), config={pins: watched}, consumer="desk-token", event_buffer_size=ROOM
    )


def header(chips: Sequence[Path]) -> Path:
    """The one of these chips that has the header's pins. Raises OSError."""
    for path in chips:
        if path.exists():
            with gpiod.Chip(str(path)) as chip:
                if chip.get_info().label.startswith(HEADER):
                    return path
    raise FileNotFoundError("no chip has the pins of the header")
