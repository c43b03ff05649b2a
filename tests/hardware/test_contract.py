"""The same promises, kept by the simulated parts and by the real ones on fake pins."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from appliance.core.effects import Light, Sound
from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Edge, Frame
from tests.hardware.bodies import Body, soon
from tests.hardware.frames import BLACK, pixels_of, with_box

FRAME = with_box(BLACK, 12, 8, 77, 31)


def shows(body: Body, frame: Frame) -> bool:
    return soon(lambda: np.array_equal(body.seen(), pixels_of(frame)))


def hears(body: Body, presses: list[tuple[str, bool]]) -> list[Edge]:
    edges: list[Edge] = []
    body.parts.buttons.listen(edges.append)
    for role, down in presses:
        (body.press if down else body.release)(role)
    assert soon(lambda: len(edges) >= len(presses))
    return edges


def test_the_glass_shows_the_frame(body: Body) -> None:
    body.parts.panel.show(FRAME)
    assert shows(body, FRAME)


def test_the_glass_shows_the_last_of_many_frames(body: Body) -> None:
    frame = BLACK
    for step in range(20):
        frame = with_box(frame, step, step, 50, 20)
        body.parts.panel.show(frame)
    assert shows(body, frame)


def test_a_dark_frame_shows_nothing(body: Body) -> None:
    body.parts.panel.show(FRAME)
    body.parts.panel.show(replace(FRAME, lit=False))
    assert shows(body, BLACK)


def test_an_unplugged_panel_is_missing_until_it_is_plugged_in_again(body: Body) -> None:
    body.parts.panel.show(BLACK)
    body.unplug()

    def missing() -> bool:
        try:
            body.parts.panel.show(with_box(FRAME, 0, int(time.monotonic() * 1000) % 60, 3, 3))
        except HardwareMissing:
            return True
        return False

    assert soon(missing)
    body.plug()

    def shown() -> bool:
        try:
            body.parts.panel.show(FRAME)
        except HardwareMissing:
            return False
        return True

    assert soon(shown)
    assert shows(body, FRAME)


def test_a_press_and_its_release_are_two_edges_with_their_role(body: Body) -> None:
    edges = hears(body, [("ok", True), ("ok", False)])
    assert [(edge.role, edge.down) for edge in edges] == [("ok", True), ("ok", False)]


def test_keys_are_told_apart(body: Body) -> None:
    edges = hears(body, [("back", True), ("next", True), ("back", False), ("next", False)])
    assert [edge.role for edge in edges] == ["back", "next", "back", "next"]


def test_edges_carry_monotonic_time_in_order(body: Body) -> None:
    before = time.monotonic()
    times = [edge.at for edge in hears(body, [("ok", True), ("ok", False), ("ok", True)])]
    assert before <= times[0] <= times[1] <= times[2] <= time.monotonic()


@pytest.mark.parametrize("light", [Light.WAITING, Light.HOLDING, Light.DONE, Light.REFUSED])
def test_a_rhythm_lights_the_lamp_and_off_darkens_it(body: Body, light: Light) -> None:
    body.parts.lamp.blink(light)
    assert soon(body.lit)
    body.parts.lamp.blink(Light.OFF)
    assert soon(lambda: not body.lit())


def test_a_lamp_that_said_done_goes_dark_by_itself(body: Body) -> None:
    body.parts.lamp.blink(Light.DONE)
    assert soon(body.lit)
    assert soon(lambda: not body.lit())


@pytest.mark.parametrize("sound", list(Sound))
def test_the_buzzer_says_what_it_is_told(body: Body, sound: Sound) -> None:
    body.parts.buzzer.say(sound)
    assert soon(body.sounding)


def test_a_lamp_that_is_closed_in_the_middle_of_its_rhythm_is_dark(body: Body) -> None:
    body.parts.lamp.blink(Light.WAITING)
    assert soon(body.lit)
    body.parts.lamp.close()
    assert soon(lambda: not body.lit())


def test_nothing_plays_on_once_light_and_buzzer_are_closed(body: Body) -> None:
    """A thread that plays on would touch pins which the library gives back when the process ends."""
    others = players()
    body.parts.lamp.blink(Light.WAITING)
    body.parts.buzzer.say(Sound.REFUSED)
    assert soon(body.lit)
    body.parts.lamp.close()
    body.parts.buzzer.close()
    assert not players() - others


def players() -> set[threading.Thread]:
    """The threads that play something now, be it for a test before this one."""
    return {thread for thread in threading.enumerate() if thread.name == "player"}
