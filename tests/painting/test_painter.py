"""What the painter promises about a frame: its size, its words, its bar and its light."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest

from appliance.authenticator.painter import Painter
from appliance.core.screen import Bar, Dial, Digits, Lines, Name, Screen, Viewfinder, text
from appliance.hardware.ports import Frame
from tests.painting.screens import catalogue

PAINTER = Painter()
SCREENS = catalogue()


def _lit(frame: Frame) -> int:
    return sum(byte.bit_count() for byte in frame.bits)


def test_a_frame_has_the_size_of_its_panel() -> None:
    frame = PAINTER.paint(SCREENS["home-code"], "nl")
    assert (frame.width, frame.height, len(frame.bits)) == (128, 64, 1024)


def test_a_larger_panel_gets_the_same_picture_in_its_middle() -> None:
    small = PAINTER.paint(SCREENS["home-code"], "nl")
    large = Painter(128, 128).paint(SCREENS["home-code"], "nl")
    assert large.bits == bytes(512) + small.bits + bytes(512)


def test_the_same_screen_is_always_the_same_frame() -> None:
    assert PAINTER.paint(SCREENS["menu-2"], "nl") == Painter().paint(SCREENS["menu-2"], "nl")


def test_a_dark_panel_shows_and_says_nothing() -> None:
    frame = PAINTER.paint(replace(SCREENS["home-code"], lit=False), "nl")
    assert (frame.lit, _lit(frame)) == (False, 0)
    assert (frame.words.title, frame.words.lines, frame.words.hint) == ("", (), "")


def test_a_dimmed_panel_has_the_same_picture_at_a_lower_contrast() -> None:
    bright = PAINTER.paint(SCREENS["home-code"], "nl", 200)
    dim = PAINTER.paint(replace(SCREENS["home-code"], dim=True), "nl", 200)
    assert dim.bits == bright.bits
    assert 0 < dim.contrast < bright.contrast == 200


def test_the_words_of_the_code_are_grouped_as_people_read_them() -> None:
    words = PAINTER.paint(SCREENS["home-code"], "nl").words
    assert (words.title, words.lines) == ("a.devries", ("Werkplek", "276 210"))
    assert PAINTER.paint(SCREENS["home-code-8"], "nl").words.lines[1] == "4071 8265"


def test_the_big_mode_says_which_half_it_shows() -> None:
    first, second = (PAINTER.paint(SCREENS[f"home-big-{half}"], "nl").words for half in (1, 2))
    assert (first.lines[1], second.lines[1]) == ("276 …", "… 210")


def test_the_words_of_the_dial_end_with_the_digit_under_the_thumb() -> None:
    dialled = Screen(text("Enter the number"), Dial(text("Number on the login page"), "4", 2, 2))
    assert PAINTER.paint(dialled, "en").words.lines == ("Number on the login page", "42")


def test_the_chosen_line_is_marked_in_the_words() -> None:
    words = PAINTER.paint(SCREENS["refuse-1"], "nl").words
    assert words.lines == ("Vergissing", "▸ Dit was ik niet", "Blokkeer mij even", "Terug")


@pytest.mark.parametrize("fraction", [-1.0, 0.0, 0.4, 1.0, 7.0])
@pytest.mark.parametrize("kind", ["time", "hold"])
@pytest.mark.parametrize("name", ["menu-2", "request-yes", "scan-none", "number-second"])
def test_a_bar_stays_between_nothing_and_all(name: str, kind: str, fraction: float) -> None:
    frame = PAINTER.paint(replace(SCREENS[name], bar=Bar(kind, fraction)), "nl")
    assert frame.words.bar == min(1.0, max(0.0, fraction))


@pytest.mark.parametrize("kind", ["time", "hold"])
@pytest.mark.parametrize("name", ["menu-2", "request-yes", "number-second"])
def test_a_bar_grows_with_every_step(name: str, kind: str) -> None:
    frames = [
        PAINTER.paint(replace(SCREENS[name], bar=Bar(kind, step / 10)), "nl").bits
        for step in range(11)
    ]
    assert len(set(frames)) == 11


def test_a_fresh_code_is_unmistakable_for_its_first_second() -> None:
    fresh, usual = SCREENS["home-code-fresh"], SCREENS["home-code"]
    assert _lit(PAINTER.paint(fresh, "nl")) > 100 + _lit(PAINTER.paint(usual, "nl"))


@pytest.mark.parametrize("digits", ["123456", "1234567", "12345678", "88888888"])
def test_codes_of_every_length_are_drawn_in_full(digits: str) -> None:
    body = Digits(Name("kluis"), digits, 20)
    canvas, words = PAINTER.draw(Screen(Name("kluis"), body), "nl")
    drawn = [one for one in canvas.written if one.words.isdigit()]
    assert "".join(one.words for one in drawn) == digits == words.lines[1].replace(" ", "")
    assert all(one.box.left >= 0 and one.box.right <= 128 for one in drawn)


@pytest.mark.parametrize(
    "wrong",
    [
        (0, 0, b""),
        (64, 48, b"x"),
        (-8, 8, b""),
        (1, 1, b"\x80"),
        (10**6, 10**6, b""),
        (7, 3, b"abc"),
    ],
)
def test_a_preview_of_any_size_is_drawn_or_left_out(wrong: tuple[int, int, bytes]) -> None:
    screen = Screen(
        text("Camera on"), Viewfinder(*wrong, text("Hold still")), hint=text("Hold: stop")
    )
    assert PAINTER.paint(screen, "nl").words.lines == ("Houd stil",)


def test_an_unknown_language_is_english() -> None:
    screen = Screen(text("Approved"), Lines((text("You are signed in"),)))
    assert PAINTER.paint(screen, "xx").words.title == "Approved"


def test_a_frame_takes_less_time_than_a_tick() -> None:
    began = perf_counter()
    for screen in SCREENS.values():
        PAINTER.paint(screen, "nl")
    assert (perf_counter() - began) / len(SCREENS) < 0.03
