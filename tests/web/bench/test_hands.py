"""The bench API is a contract: these are its promises, over real HTTP, with a device on the other side."""

from __future__ import annotations

import io
import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from appliance.core.effects import Light
from appliance.hardware.camera import CameraMissing
from appliance.hardware.camera_choice import open_camera
from appliance.hardware.ports import Edge, Frame, Words
from tests.hardware.bodies import soon
from tests.web.bench.bench import Bench

WORDS = Words("Sign in?", ("Jan de Vries", "Intranet"), "Hold: choose", 0.25, "en")
PIXELS = np.random.default_rng(3).integers(0, 2, (64, 128), np.uint8)
FRAME = Frame(128, 64, np.packbits(PIXELS, axis=1).tobytes(), WORDS)


def shown(desk: Bench, frame: Frame = FRAME) -> None:
    desk.device.panel.show(frame)
    assert soon(lambda: desk.world.now.glass is not None)


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), shade: int = 200) -> bytes:
    data = io.BytesIO()
    Image.new("L", size, shade).save(data, kind)
    return data.getvalue()


def pixels(desk: Bench, query: str = "") -> np.ndarray:
    reply = desk.browser.get(f"/api/panel.png{query}")
    assert reply.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(reply.content)).convert("L")) // 255


def test_the_screen_has_the_words_on_the_panel(desk: Bench) -> None:
    shown(desk)
    assert desk.browser.get("/api/screen").json() == {
        "title": "Sign in?",
        "lines": ["Jan de Vries", "Intranet"],
        "hint": "Hold: choose",
        "bar": 0.25,
        "language": "en",
        "lit": True,
    }


def test_before_the_first_frame_the_panel_is_dark_and_says_nothing(desk: Bench) -> None:
    assert desk.browser.get("/api/screen").json() == {
        "title": "",
        "lines": [],
        "hint": "",
        "bar": None,
        "language": "en",
        "lit": False,
    }
    assert not pixels(desk).any()


def test_the_panel_is_exactly_the_pixels_on_the_glass(desk: Bench) -> None:
    shown(desk)
    assert np.array_equal(pixels(desk), PIXELS)


def test_a_scaled_panel_has_each_pixel_as_a_square(desk: Bench) -> None:
    shown(desk)
    assert np.array_equal(pixels(desk, "?scale=3"), np.kron(PIXELS, np.ones((3, 3), np.uint8)))


def test_a_sleeping_panel_is_black(desk: Bench) -> None:
    shown(desk, replace(FRAME, lit=False))
    assert not pixels(desk).any()
    assert desk.browser.get("/api/screen").json()["lit"] is False


@pytest.mark.parametrize("role", ["ok", "back", "next", "up", "down", "left", "right"])
def test_a_key_is_pressed_and_released(desk: Bench, role: str) -> None:
    edges: list[Edge] = []
    desk.device.buttons.listen(edges.append)
    assert desk.browser.post(f"/api/keys/{role}/press").status_code == 200
    assert desk.browser.post(f"/api/keys/{role}/release").status_code == 200
    assert soon(lambda: len(edges) == 2)
    assert [(edge.role, edge.down) for edge in edges] == [(role, True), (role, False)]


def test_the_quickest_tap_lasts_as_long_as_a_finger_needs(desk: Bench) -> None:
    edges: list[Edge] = []
    desk.device.buttons.listen(edges.append)
    for move in ("press", "release", "press", "release"):
        desk.browser.post(f"/api/keys/ok/{move}")
    assert soon(lambda: len(edges) == 4)
    times = [edge.at for edge in edges]
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.039


def test_a_key_that_is_down_cannot_be_pressed_again(desk: Bench) -> None:
    edges: list[Edge] = []
    desk.device.buttons.listen(edges.append)
    for move in ("press", "press", "release", "release"):
        assert desk.browser.post(f"/api/keys/ok/{move}").status_code == 200
    assert soon(lambda: len(edges) == 2)
    assert [edge.down for edge in edges] == [True, False]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_camera_sees_the_picture_until_darkness(desk: Bench, kind: str) -> None:
    assert desk.browser.post("/api/camera", content=picture(kind)).status_code == 200
    with open_camera("simulated", desk.run, "auto", (640, 480)) as camera:
        frames = camera.frames()
        assert abs(int(next(frames).grey.mean()) - 200) <= 2
        assert desk.browser.delete("/api/camera").status_code == 200
        assert not next(frames).grey.any()


def test_two_frames_of_one_picture_are_not_the_same(desk: Bench) -> None:
    desk.browser.post("/api/camera", content=picture())
    with open_camera("simulated", desk.run, "auto", (640, 480)) as camera:
        frames = camera.frames()
        assert not np.array_equal(next(frames).grey, next(frames).grey)


def test_an_unplugged_camera_is_missing(desk: Bench) -> None:
    desk.browser.post("/api/parts", json={"camera": False})
    with pytest.raises(CameraMissing), open_camera("simulated", desk.run, "auto", (640, 480)):
        pass


def test_the_light_has_a_pattern_and_is_on_or_off(desk: Bench) -> None:
    assert desk.browser.get("/api/light").json() == {"pattern": "off", "on": False}
    desk.device.lamp.blink(Light.HOLDING)
    assert soon(lambda: desk.browser.get("/api/light").json() == {"pattern": "holding", "on": True})


def test_the_clock_is_shifted_and_believed_only_when_synchronised(desk: Bench) -> None:
    before = desk.device.clock.now()
    desk.browser.post("/api/clock", json={"offset": 3600, "synchronised": False})
    assert soon(lambda: desk.device.clock.now().trust == "unknown")
    assert 3599 < desk.device.clock.now().wall - before.wall < 3700
    desk.browser.post("/api/clock", json={"offset": 0, "synchronised": True})
    assert soon(lambda: desk.device.clock.now().trust == "synced")


def test_a_cut_takes_the_picture_away_and_power_gives_it_back(desk: Bench) -> None:
    shown(desk)
    assert desk.browser.post("/api/power", json={"state": "cut"}).json() == {"state": "cut"}
    assert desk.browser.get("/api/screen").json()["lit"] is False
    assert not pixels(desk).any()
    desk.browser.post("/api/power", json={"state": "on"})
    desk.device.panel.show(replace(FRAME, contrast=50))
    assert soon(lambda: desk.browser.get("/api/screen").json()["lit"] is True)


def test_the_events_come_as_soon_as_something_changes(desk: Bench) -> None:
    version = desk.browser.get("/api/events?since=-1").json()["version"]
    told: list[dict[str, object]] = []
    waiting = threading.Thread(
        target=lambda: told.append(desk.browser.get(f"/api/events?since={version}").json())
    )
    waiting.start()
    shown(desk)
    waiting.join(10)
    assert told[0]["screen"] == desk.browser.get("/api/screen").json()
