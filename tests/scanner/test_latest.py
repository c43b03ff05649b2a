"""The slot between camera and decoder: only the newest frame counts, and the camera closes whatever ends a scan."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from appliance.core.troubles import Trouble
from appliance.hardware.camera import Camera, CameraMissing, Frame
from appliance.scanner.latest import Latest
from appliance.scanner.session import serve
from appliance.wire.framing import Line
from appliance.wire.scan import Answer, Failed, Found, Look, Seen
from tests.hardware.bodies import soon
from tests.scanner.scenes import LINK, empty, modules, paper
from tests.scanner.test_session import Shown, Stuck, Unplugged

CODE, DESK = paper(modules(LINK)), empty(np.random.default_rng(1))
PATIENCE = 10.0


class Counting(Shown):
    """Shows frames as fast as it can, each filled with its number, until it is told to rest."""

    def __init__(self) -> None:
        super().__init__(DESK)
        self.shown = 0
        self.rest = threading.Event()

    def frames(self) -> Iterator[Frame]:
        while self.shown < 200:
            self.shown += 1
            yield Frame(np.full((4, 4), self.shown, dtype=np.uint8), float(self.shown))
        self.rest.wait(PATIENCE)


class Broken(Shown):
    """Its driver fails in a way that nobody foresaw."""

    def frames(self) -> Iterator[Frame]:
        yield Frame(DESK, 0.0)
        raise RuntimeError


def test_the_newest_frame_wins_and_older_ones_are_dropped_unseen() -> None:
    camera = Counting()
    with Latest(camera) as latest:
        soon(lambda: camera.shown == 200)
        frame = latest.take(PATIENCE)
        assert frame is not None
        assert frame.grey[0, 0] >= 199
        camera.rest.set()


def test_one_who_takes_never_waits_longer_than_asked() -> None:
    with Latest(Stuck(DESK)) as latest:
        assert latest.take(PATIENCE) is not None
        began = time.monotonic()
        assert latest.take(0.02) is None
        assert time.monotonic() - began < 1.0


def test_a_driver_that_fails_is_a_missing_camera() -> None:
    camera = Broken(DESK)
    with Latest(camera) as latest:
        assert camera.closed.wait(PATIENCE)
        latest.take(PATIENCE)
        with pytest.raises(CameraMissing):
            latest.take(PATIENCE)


def ended(camera: Camera, seconds: float) -> Found | Failed | None:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, lambda: camera, time.monotonic))
    thread.start()
    line = Line(ours)
    line.send(Look(seconds))
    while isinstance(answer := line.receive(Answer), Seen):
        continue
    thread.join(PATIENCE)
    ours.close()
    assert not thread.is_alive()
    found: Found | Failed | None = answer
    return found


@pytest.mark.parametrize(
    ("camera", "seconds", "answer"),
    [
        (Shown(CODE), 20.0, Found(LINK)),
        (Shown(DESK), 0.2, Failed(Trouble.TIMEOUT.value)),
        (Unplugged(DESK), 20.0, Failed(Trouble.NO_CAMERA.value)),
        (Broken(DESK), 20.0, Failed(Trouble.NO_CAMERA.value)),
    ],
    ids=["read", "deadline", "unplugged", "broken driver"],
)
def test_whatever_ends_a_scan_its_camera_is_closed(
    camera: Shown, seconds: float, answer: Found | Failed
) -> None:
    assert ended(camera, seconds) == answer
    assert camera.closed.wait(PATIENCE)


def test_a_camera_that_hangs_does_not_hold_up_the_deadline() -> None:
    began = time.monotonic()
    assert ended(Stuck(DESK), 0.2) == Failed(Trouble.TIMEOUT.value)
    assert time.monotonic() - began < PATIENCE
