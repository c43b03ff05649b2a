"""The newest frame of a camera, taken on a thread of its own; older ones are dropped unseen.

The thread opens the camera and closes it again; the one who takes never waits longer than asked.
"""

from __future__ import annotations

import threading
from typing import Self

from appliance.core.errors import HardwareMissing
from appliance.hardware.camera import Camera, CameraMissing, Frame

_GOODBYE = 0.05


class Latest:
    """A slot for one frame. `with` starts the thread; leaving asks it to end and waits only briefly."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._news = threading.Condition()
        self._frame: Frame | None = None
        self._trouble: HardwareMissing | None = None
        self._ended = False
        self._stop = False
        # daemon: a driver that hangs must not keep the process alive; the kernel closes its device
        self._thread = threading.Thread(target=self._capture, name="camera", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop = True
        self._thread.join(_GOODBYE)

    @property
    def ended(self) -> bool:
        """The camera has shown its last frame and it was taken."""
        with self._news:
            return self._ended and self._frame is None

    def take(self, patience: float) -> Frame | None:
        """The newest frame that was not yet taken, or None. Raises the camera's CameraMissing or CameraBusy."""
        with self._news:
            self._news.wait_for(lambda: self._frame or self._trouble or self._ended, patience)
            frame, self._frame = self._frame, None
            if frame is None and self._trouble is not None:
                raise self._trouble
            return frame

    def _capture(self) -> None:
        trouble: HardwareMissing | None = None
        try:
            with self._camera as camera:
                for frame in camera.frames():
                    if self._stop:
                        return
                    self._put(frame)
        except HardwareMissing as missing:
            trouble = missing
        except (OSError, RuntimeError, ValueError) as broken:
            trouble = CameraMissing()
            trouble.__cause__ = broken
        finally:
            with self._news:
                self._trouble, self._ended = trouble, True
                self._news.notify_all()

    def _put(self, frame: Frame) -> None:
        with self._news:
            self._frame = frame
            self._news.notify_all()
