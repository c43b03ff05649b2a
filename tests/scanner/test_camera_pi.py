"""The Pi's camera against a library that behaves as picamera2 does, also in the way it hangs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from appliance.hardware.camera import CameraBusy, CameraMissing
from appliance.hardware.camera_pi import PiCamera
from appliance.hardware.camera_v4l2 import (
    _BUFFER,
    _CAPABILITY,
    _DQBUF,
    _FORMAT,
    _QBUF,
    _QUERYBUF,
    _QUERYCAP,
    _REQBUFS,
    _S_FMT,
    _STREAMON,
)

STRIDE, SIZE = 704, (640, 480)


class Library:
    """picamera2 0.3: one event thread with a queue of jobs; a job that no frame answers holds up those behind it."""

    cameras: tuple[dict[str, str], ...] = ({"Id": "/base/soc/i2c0mux/i2c@1/imx708@1a"},)
    busy = False
    lens = True

    def __init__(self) -> None:
        if self.busy:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.jobs: list[str] = []
        self.plugged = True
        self.closed = False
        self.given: dict[str, float] = {}
        made.append(self)

    @classmethod
    def global_camera_info(cls) -> tuple[dict[str, str], ...]:
        return cls.cameras

    @property
    def camera_controls(self) -> dict[str, tuple[int, int, int]]:
        focus = ("AfMode", "AfSpeed", "AfRange") if self.lens else ()
        return dict.fromkeys((*focus, "ExposureValue", "FrameDurationLimits"), (0, 2, 0))

    def create_video_configuration(self, **wanted: object) -> dict[str, object]:
        return wanted

    def configure(self, wanted: dict[str, Any]) -> None:
        self.configuration = wanted

    def camera_configuration(self) -> dict[str, Any]:
        return self.configuration

    def start(self) -> None:
        return

    def set_controls(self, wanted: dict[str, float]) -> None:
        unknown = set(wanted) - set(self.camera_controls)
        if unknown:
            raise RuntimeError(f"Control {unknown} is not advertised by libcamera")
        self.given |= wanted

    def capture_array(self, name: str, wait: float) -> np.ndarray:
        assert name == "main"
        assert wait > 0, "without a time it waits for ever"
        if not self.plugged:
            self.jobs.append("capture")
            raise TimeoutError
        return np.arange(STRIDE * SIZE[1] * 3 // 2).reshape(-1, STRIDE).astype(np.uint8)

    def cancel_all_and_flush(self) -> None:
        self.jobs.clear()

    def stop(self) -> None:
        assert not self.jobs, "it would wait behind a capture that nothing answers"

    def close(self) -> None:
        self.stop()
        self.closed = True


made: list[Library] = []


def test_rows_lose_their_padding_and_the_colours_below_them() -> None:
    with PiCamera(SIZE, lambda: Library) as camera:
        frame = next(camera.frames())
    assert frame.grey.shape == (480, 640)
    assert frame.grey[1, 0] == STRIDE % 256
    assert frame.grey.flags.c_contiguous


def test_a_cable_that_comes_out_ends_the_frames_and_the_camera_still_closes() -> None:
    with PiCamera(SIZE, lambda: Library) as camera:
        frames = camera.frames()
        next(frames)
        made[-1].plugged = False
        with pytest.raises(CameraMissing):
            next(frames)
    assert made[-1].closed


@pytest.mark.parametrize("lens", [True, False], ids=["autofocus", "fixed lens"])
def test_only_controls_that_the_sensor_has_are_set(lens: bool) -> None:
    kind = type("Kind", (Library,), {"lens": lens})
    with PiCamera(SIZE, lambda: kind):
        assert ("AfMode" in made[-1].given) is lens


def test_without_a_camera_the_cable_is_named() -> None:
    none = type("None", (Library,), {"cameras": ()})
    with pytest.raises(CameraMissing), PiCamera(SIZE, lambda: none):
        pass


def test_a_camera_that_another_process_holds_is_in_use() -> None:
    held = type("Held", (Library,), {"busy": True})
    with pytest.raises(CameraBusy), PiCamera(SIZE, lambda: held):
        pass


def test_the_calls_to_the_kernel_have_the_numbers_of_its_own_header() -> None:
    """`linux/videodev2.h` as a 64-bit board compiles it; the sizes are part of the numbers."""
    assert (_CAPABILITY.size, _FORMAT.size, _BUFFER.size) == (104, 208, 88)
    calls = (_QUERYCAP, _S_FMT, _REQBUFS, _QUERYBUF, _QBUF, _DQBUF, _STREAMON)
    assert calls == (
        0x80685600, 0xC0D05605, 0xC0145608, 0xC0585609, 0xC058560F, 0xC0585611, 0x40045612,
    )  # fmt: skip


def _compiled_for_another_numpy() -> object:
    raise ValueError("numpy.dtype size changed, may indicate binary incompatibility")


def test_a_library_that_was_compiled_for_another_numpy_is_a_camera_that_is_missing() -> None:
    with pytest.raises(CameraMissing), PiCamera(SIZE, _compiled_for_another_numpy):
        pass
