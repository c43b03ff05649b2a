"""The Pi's own camera through picamera2: grey frames from the Y plane, with nothing converted.

The only file that imports picamera2, and only when a scan begins: the import is slow and the library
comes from the system. It stops and closes the camera whatever happens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, Self

import numpy as np

from appliance.hardware.camera import CameraBusy, CameraMissing, Frame

_FRAME_TIME = 83_333  # microseconds: 12 frames a second
_FIRST, _NEXT = 5.0, 2.0  # seconds; picamera2 itself would wait for ever
# ValueError: what numpy says of a library that was compiled for another one
_NO_LIBRARY = (ImportError, OSError, ValueError)
_TURN = 1.0  # seconds before the next exposure is tried
# a monitor is brighter than the room: every second try is darker
_EXPOSURES = (0.0, -1.0, 0.0, -2.0)


def installed() -> bool:
    """Whether this system has picamera2 at all."""
    return find_spec("picamera2") is not None


def connected() -> bool:
    """Whether a camera sits on the board's own connector. A USB camera, which libcamera lists too, is V4L2's."""
    try:
        cameras = _library().global_camera_info()
    except _NO_LIBRARY:
        return False
    return any("/usb" not in str(camera["Id"]) for camera in cameras)


def _library() -> Any:  # noqa: ANN401 - picamera2 is not here to be checked against
    from picamera2 import Picamera2  # noqa: PLC0415 - see above

    return Picamera2


class PiCamera:
    """Frames of about this size; the sensor may round the width up."""

    def __init__(self, size: tuple[int, int], library: Callable[[], Any] = _library) -> None:
        self._size = size
        self._library = library
        self._camera: Any = None

    def __enter__(self) -> Self:
        try:
            library = self._library()
        except _NO_LIBRARY as absent:
            raise CameraMissing from absent
        if not library.global_camera_info():
            raise CameraMissing
        try:
            self._camera = library()
            self._start()
        except (RuntimeError, IndexError, OSError) as refused:
            self._close()
            raise CameraBusy from refused
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def frames(self) -> Iterator[Frame]:
        """Newest frames; an exposure is tried for a second, then the next. Raises CameraMissing when they stop."""
        width, height = self._camera.camera_configuration()["main"]["size"]
        began, wait, tried = time.monotonic(), _FIRST, 0
        while True:
            try:
                rows = self._camera.capture_array("main", wait=wait)
            except (TimeoutError, RuntimeError, OSError) as stopped:
                raise CameraMissing from stopped
            wait = _NEXT
            # rows are padded, and below the Y plane stand the colours
            yield Frame(np.ascontiguousarray(rows[:height, :width]), time.monotonic())
            turn = int((time.monotonic() - began) / _TURN)
            if turn != tried:
                tried = turn
                self._set({"ExposureValue": _EXPOSURES[turn % len(_EXPOSURES)]})

    def _start(self) -> None:
        camera = self._camera
        camera.configure(
            camera.create_video_configuration(
                main={"format": "YUV420", "size": self._size},
                buffer_count=3,
                controls={"FrameDurationLimits": (_FRAME_TIME, _FRAME_TIME)},
            )
        )
        camera.start()
        # libcamera's numbers: continuous focus, fast, near things first
        self._set({"AfMode": 2, "AfSpeed": 1, "AfRange": 1})

    def _set(self, wanted: dict[str, float]) -> None:
        """Set what this sensor has: a fixed lens knows no focus, and a refused control would end the scan."""
        known = {
            name: value for name, value in wanted.items() if name in self._camera.camera_controls
        }
        if known:
            self._camera.set_controls(known)

    def _close(self) -> None:
        """End the event thread before the camera is stopped.

        `stop` alone would queue behind a capture that no frame ever answers, and wait for ever.
        """
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.cancel_all_and_flush()
            camera.close()
