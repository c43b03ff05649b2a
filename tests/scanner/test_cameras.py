"""Every form of camera keeps the same promises; those that need a device are tried up to the missing device."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from appliance.hardware.camera import Camera, CameraMissing
from appliance.hardware.camera_choice import open_camera
from appliance.hardware.camera_pictures import PictureCamera
from appliance.hardware.camera_v4l2 import _GREY, _MJPEG, _YUYV, V4l2Camera, first_device, grey_of
from appliance.hardware.simulated.camera import WorldCamera
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from tests.scanner.scenes import LINK, modules, paper

CODE = paper(modules(LINK))
Make = Callable[[], Camera]


@pytest.fixture(params=["folder", "list", "bench"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """A camera that looks at the code, in each form that needs no device."""
    for name in ("1.png", "2.png", "3.png"):
        Image.fromarray(CODE).save(tmp_path / name)
    world = World(time.monotonic)
    server = WorldServer(tmp_path, world)
    world.hold_before_camera(640, 480, CODE.tobytes())
    forms: dict[str, Make] = {
        "folder": lambda: PictureCamera(tmp_path, time.monotonic),
        "list": lambda: PictureCamera(sorted(tmp_path.glob("*.png")), time.monotonic),
        "bench": lambda: WorldCamera(tmp_path),
    }
    yield forms[request.param]
    server.close()


def test_frames_are_grey_rows_of_the_scene_and_their_time_runs(make: Make) -> None:
    with make() as camera:
        frames = [frame for frame, _ in zip(camera.frames(), range(3), strict=False)]
    assert all(frame.grey.shape == (480, 640) for frame in frames)
    assert all(frame.grey.dtype == np.uint8 for frame in frames)
    assert np.abs(frames[0].grey.astype(int) - CODE.astype(int)).mean() < 20
    assert [frame.at for frame in frames] == sorted(frame.at for frame in frames)


def test_a_closed_camera_shows_nothing_more(make: Make) -> None:
    camera = make()
    with camera:
        frames = camera.frames()
        next(frames)
    with pytest.raises(CameraMissing):
        next(frames)


def test_a_camera_can_be_opened_again(make: Make) -> None:
    camera = make()
    for _ in range(2):
        with camera:
            assert next(camera.frames()).grey.any()


def test_a_frame_never_prints_its_pixels(make: Make) -> None:
    with make() as camera:
        assert "array" not in repr(next(camera.frames()))


@pytest.mark.parametrize("form", ["folder", "bench", "board"])
def test_a_camera_that_is_not_there_says_check_the_cable(form: str, tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    forms: dict[str, Make] = {
        "folder": lambda: PictureCamera(absent, time.monotonic),
        "bench": lambda: open_camera("simulated", absent, "auto", (640, 480)),
        "board": lambda: V4l2Camera(absent, (640, 480)),
    }
    with pytest.raises(CameraMissing, match="Camera not found: check the cable"), forms[form]():
        pass


def test_a_device_without_a_camera_says_so(tmp_path: Path) -> None:
    with pytest.raises(CameraMissing):
        open_camera("board", tmp_path, "none", (640, 480))


def test_a_file_that_is_no_video_device_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "video0").write_bytes(b"")
    with pytest.raises(CameraMissing):
        first_device(tmp_path)


def test_a_cable_that_comes_out_ends_the_frames(tmp_path: Path) -> None:
    world = World(time.monotonic)
    server = WorldServer(tmp_path, world)
    with WorldCamera(tmp_path) as camera:
        frames = camera.frames()
        next(frames)
        world.plug(panel=True, camera=False)
        with pytest.raises(CameraMissing):
            next(frames)
    server.close()


class TestFormats:
    """Grey rows out of what webcams send."""

    rows = np.arange(6 * 8, dtype=np.uint8).reshape(6, 8)

    def test_grey_rows_lose_their_padding(self) -> None:
        padded = np.pad(self.rows, ((0, 0), (0, 3)))
        grey = grey_of(padded.tobytes(), _GREY, 11, (6, 8))
        assert grey is not None
        assert np.array_equal(grey, self.rows)

    def test_every_second_byte_of_yuyv_is_light(self) -> None:
        pairs = np.stack([self.rows, np.full_like(self.rows, 128)], axis=-1).reshape(6, 16)
        grey = grey_of(np.pad(pairs, ((0, 0), (0, 4))).tobytes(), _YUYV, 20, (6, 8))
        assert grey is not None
        assert np.array_equal(grey, self.rows)

    def test_mjpeg_is_unpacked(self) -> None:
        kept = io.BytesIO()
        Image.fromarray(CODE).save(kept, "JPEG", quality=90)
        grey = grey_of(kept.getvalue(), _MJPEG, 0, CODE.shape)
        assert grey is not None
        assert np.abs(grey.astype(int) - CODE.astype(int)).mean() < 5

    @pytest.mark.parametrize("form", [_GREY, _YUYV, _MJPEG])
    def test_a_frame_in_pieces_is_dropped(self, form: int) -> None:
        assert grey_of(b"\xff\xd8 torn", form, 8, (6, 8)) is None
