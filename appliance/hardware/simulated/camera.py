"""The camera on the bench: it sees what is held before it, as a hand and a cheap sensor would show it.

Twelve frames a second, each shifted by a fraction of a pixel and with a little noise, so that two frames are never
the same picture. It keeps the last sight only, so that the world sends each picture once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Self

import numpy as np
from numpy.typing import NDArray

from appliance.core.errors import HardwareMissing, PeerTrouble
from appliance.hardware.camera import CameraMissing, Frame
from appliance.hardware.simulated.link import connect
from appliance.hardware.simulated.protocol import CAP, Glance, Sight
from appliance.wire.framing import Line

BETWEEN = 1 / 12
_PATIENCE = 5.0
_NOISE = 3
_NOTHING_YET = -1
Grey = NDArray[np.uint8]


class WorldCamera:
    """The camera of the world in this run directory; `pause` waits so many seconds between two frames."""

    def __init__(
        self,
        run: Path,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._run = run
        self._now = now
        self._pause = pause or Event().wait
        self._line: Line | None = None
        self._chance = np.random.default_rng(1)
        self._mark = _NOTHING_YET
        self._grey: Grey = np.zeros((480, 640), np.uint8)

    def __enter__(self) -> Self:
        try:
            connection = connect(self._run)
        except HardwareMissing as absent:
            raise CameraMissing from absent
        connection.settimeout(_PATIENCE)
        self._line = Line(connection, CAP)
        self._mark = _NOTHING_YET
        with ExitStack() as undo:
            undo.callback(self._hang_up)
            self._look()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def frames(self) -> Iterator[Frame]:
        """What is there to see, again and again. Raises CameraMissing when the cable or the world is gone."""
        due = self._now()
        while True:
            self._look()
            yield Frame(shaken(self._grey, self._chance), self._now())
            due = max(due + BETWEEN, self._now() - BETWEEN)
            self._pause(max(0.0, due - self._now()))

    def _look(self) -> None:
        if self._line is None:
            raise CameraMissing
        try:
            self._line.send(Glance(self._mark))
            sight: Sight | None = self._line.receive(Sight)
        except PeerTrouble as gone:
            raise CameraMissing from gone
        if sight is None or not sight.plugged:
            raise CameraMissing
        if sight.mark != self._mark:
            rows = np.frombuffer(sight.grey, np.uint8)
            self._mark, self._grey = sight.mark, rows.reshape(sight.height, sight.width)


def shaken(grey: Grey, chance: np.random.Generator) -> Grey:
    """The same picture up to half a pixel further, with the noise of a small sensor. Darkness stays dark."""
    if not grey.any():
        return grey
    right, down = (int(part) for part in chance.integers(0, 128, 2))
    wide = grey.astype(np.int32)
    wide = (wide * (256 - right) + np.roll(wide, 1, axis=1) * right) >> 8
    wide = (wide * (256 - down) + np.roll(wide, 1, axis=0) * down) >> 8
    wide += chance.integers(-_NOISE, _NOISE + 1, grey.shape, dtype=np.int32)
    return np.clip(wide, 0, 255).astype(np.uint8)
