"""A camera behind one small Protocol: grey frames with their time, opened for a scan and closed after it.

The forms lie beside this file: the Pi's camera, V4L2 devices, pictures, and the bench's. Nothing here keeps a frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
