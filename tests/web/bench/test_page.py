"""The page in a real browser: a finger, a space bar, a picture and a plug, seen from the device's side."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from appliance.core.effects import Light, Sound
from appliance.hardware.ports import Edge
from tests.hardware.bodies import soon
from tests.web.bench.bench import Bench, bench
from tests.web.bench.test_hands import FRAME, PIXELS, picture

GLASS = (
    "() => [...document.getElementById('glass').getContext('2d').getImageData(0, 0, 128, 64).data]"
)


@dataclass(frozen=True)
class Seat:
    """A person before the page, the bench behind it, and what the browser complained about."""

    page: Page
    desk: Bench
    edges: list[Edge]
    complaints: list[str]


@pytest.fixture
def seat(run: Path) -> Iterator[Seat]:
    with bench(run, keys="joystick") as desk, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        edges: list[Edge] = []
        complaints: list[str] = []
        desk.device.buttons.listen(edges.append)
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(str(desk.browser.base_url))
        page.locator("#processes li").first.wait_for()
        yield Seat(page, desk, edges, complaints)
        browser.close()


def moves(seat: Seat, count: int) -> list[tuple[str, bool]]:
    assert soon(lambda: len(seat.edges) >= count)
    return [(edge.role, edge.down) for edge in seat.edges]


def test_the_drawn_glass_has_the_pixels_of_the_panel(seat: Seat) -> None:
    seat.desk.device.panel.show(FRAME)
    seat.page.locator("#words", has_text="Sign in?").wait_for(state="attached")
    drawn = [red > 90 for red in seat.page.evaluate(GLASS)[::4]]
    assert drawn == [bool(pixel) for pixel in itertools.chain(*PIXELS.tolist())]


def test_a_mouse_presses_and_holds(seat: Seat) -> None:
    box = seat.page.locator(".key.ok").bounding_box()
    assert box is not None
    seat.page.mouse.move(box["x"] + 20, box["y"] + 20)
    seat.page.mouse.down()
    assert moves(seat, 1) == [("ok", True)]
    seat.page.locator(".key.ok.down").wait_for()
    seat.page.mouse.up()
    assert moves(seat, 2) == [("ok", True), ("ok", False)]


@pytest.mark.parametrize(
    ("key", "role"), [(" ", "ok"), ("ArrowUp", "up"), ("Backspace", "back"), ("n", "next")]
)
def test_the_keyboard_presses_the_keys(seat: Seat, key: str, role: str) -> None:
    seat.page.keyboard.down(key)
    seat.page.keyboard.down(key)
    seat.page.keyboard.up(key)
    assert moves(seat, 2) == [(role, True), (role, False)]


def test_typing_a_space_in_a_field_presses_nothing(seat: Seat) -> None:
    seat.page.locator("#qr-text").press_sequentially("a b")
    assert seat.page.locator("#qr-text").input_value() == "a b"
    assert seat.edges == []


def test_leaving_the_window_lets_the_key_go(seat: Seat) -> None:
    seat.page.keyboard.down(" ")
    assert moves(seat, 1) == [("ok", True)]
    seat.page.evaluate("dispatchEvent(new Event('blur'))")
    assert moves(seat, 2)[1] == ("ok", False)


def test_a_chosen_picture_is_in_front_of_the_camera_until_the_lens_is_covered(seat: Seat) -> None:
    shot = {"name": "shot.png", "mimeType": "image/png", "buffer": picture(size=(500, 300))}
    seat.page.locator("#file").set_input_files(files=[shot])
    assert soon(lambda: seat.desk.world.now.sight.width == 500)
    seat.page.locator(".view.lit").wait_for()
    seat.page.locator("#dark").click()
    assert soon(lambda: seat.desk.world.now.dark)


def test_a_picture_that_is_none_is_refused_in_words(seat: Seat) -> None:
    fake = {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"}
    seat.page.locator("#file").set_input_files(files=[fake])
    seat.page.locator("#camera-note.bad", has_text="picture").wait_for()
    assert seat.desk.world.now.dark


def test_a_text_is_held_up_as_a_printed_code(seat: Seat) -> None:
    seat.page.locator("#qr-text").fill("https://portal.example/e#ABC")
    seat.page.locator("#qr-text").press("Enter")
    assert soon(lambda: not seat.desk.world.now.dark)


def test_the_plug_and_the_clock_are_switches(seat: Seat) -> None:
    seat.page.locator("#power").uncheck()
    assert soon(lambda: not seat.desk.world.now.powered)
    seat.page.locator("#synchronised").uncheck()
    assert soon(lambda: seat.desk.device.clock.now().trust == "unknown")
    seat.page.locator("[data-shift='300']").click()
    assert soon(lambda: seat.desk.world.now.clock.offset == 300)


def test_what_light_and_buzzer_do_is_said_in_words(seat: Seat) -> None:
    seat.desk.device.lamp.blink(Light.WAITING)
    seat.desk.device.buzzer.say(Sound.REQUEST)
    seat.page.locator("#light-words", has_text="two short blinks").wait_for()
    seat.page.locator("#sounds li", has_text="two rising tones").wait_for()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_fits_every_width_and_the_browser_has_no_complaint(seat: Seat, width: int) -> None:
    seat.desk.device.panel.show(replace(FRAME, contrast=200))
    seat.page.set_viewport_size({"width": width, "height": 800})
    assert seat.page.evaluate("document.documentElement.scrollWidth") == width
    glass = seat.page.locator("#glass").bounding_box()
    assert glass is not None
    assert glass["width"] % 128 == 0
    assert seat.complaints == []
