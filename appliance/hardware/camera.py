"""A camera behind one small Protocol: grey frames with their time, opened for a scan and closed after it.

The forms lie beside this file: the Pi's camera, V4L2 devices, pictures, and the bench's. Nothing here keeps a frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from appliance.core.errors import HardwareMissing

NOT_FOUND = "Camera not found: check the cable"
IN_USE = "The camera is in use"


class CameraMissing(HardwareMissing):
    """No camera answers: none there, the cable out, or it stopped in the middle."""

    def __init__(self) -> None:
        super().__init__(NOT_FOUND)


class CameraBusy(HardwareMissing):
    """Another process holds the camera."""

    def __init__(self) -> None:
        super().__init__(IN_USE)


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows of light, one byte a pixel, and when they were taken in monotonic seconds."""

    grey: NDArray[np.uint8] = field(repr=False)
    at: float


class Camera(Protocol):
    """Opened by `with`, closed at its end whatever happened.

    `frames` gives new frames, at most 15 a second, until the caller stops asking; CameraMissing and CameraBusy
    come from `with` or from the next frame.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def frames(self) -> Iterator[Frame]: ...


def open_camera(hardware: str, run: Path, model: str, size: tuple[int, int]) -> Camera:
    """The camera of this hardware: the bench's, the Pi's, or the first V4L2 device that gives grey frames.

    Raises CameraMissing when the configuration says that there is none.
    """
    if hardware == "simulated":
        from appliance.hardware.simulated.camera import WorldCamera  # noqa: PLC0415 - bench only

        return WorldCamera(run)
    if model == "none":
        raise CameraMissing
    from appliance.hardware import camera_pi, camera_v4l2  # noqa: PLC0415 - needs a device

    if camera_pi.installed():
        return camera_pi.PiCamera(size)
    return camera_v4l2.V4l2Camera(camera_v4l2.first_device(), size)
