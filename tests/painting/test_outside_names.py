"""Names from outside: clipped, marked, unmistakable, and never able to push a word of ours off the panel."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.authenticator.painter import Painter
from appliance.authenticator.painting.canvas import Canvas
from appliance.authenticator.painting.phrases import say
from appliance.core.screen import Ask, Choices, Digits, Lines, Name, Screen, name, text
from tests.painting.screens import catalogue

PAINTER = Painter()
LONG = "Zeer lange naam " * 32
HOSTILE = {
    "long": LONG,
    "one-word": "W" * 512,
    "right-to-left": "\u05d9\u05d5\u05e1\u05d9 \u0627\u062d\u0645\u062f",
    "override": "ada\u202e24 ej",
    "emoji": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20,
    "combining": "e" + "\u0301\u0316" * 100,
    "digits": "42 42 42 42",
    "lookalike": "\u0410\u0434\u0430",
    "braces": "{count} {0} %s",
    "empty": "",
}


def _ask(words: Name) -> Screen:
    answers = (text("No"), text("Yes"))
    body = Ask((words, Name("HR-portaal"), Name("Utrecht")), answers, 0, 57)
    return Screen(text("Signing in?"), body, alert=True)


def _own(canvas: Canvas) -> set[str]:
    return {one.words for one in canvas.written if one.ours}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_a_name_never_moves_the_rest_of_a_request(words: str) -> None:
    canvas, said = PAINTER.draw(_ask(name(words)), "nl")
    usual, _ = PAINTER.draw(_ask(Name("Ada de Vries")), "nl")
    assert _own(canvas) == _own(usual)
    assert said.title == "Logt u in?"
    assert [line for line in said.lines if line][-4:] == ["HR-portaal", "Utrecht", "▸ Nee", "Ja"]


@given(st.text(max_size=600), st.sampled_from(sorted(catalogue())))
@settings(max_examples=150, deadline=None)
def test_any_name_in_any_place_leaves_our_words_whole(words: str, chosen: str) -> None:
    screen = catalogue()[chosen]
    shown = replace(screen, body=_with_name(screen, name(words)), title=name(words))
    canvas, said = PAINTER.draw(shown, "nl")
    assert all(one.whole for one in canvas.written if one.ours)
    assert all(one.box.right <= 129 for one in canvas.written)
    assert len(said.lines) <= 16


def _with_name(screen: Screen, words: Name) -> Lines | Digits | Ask | Choices:
    match screen.body:
        case Lines() as body:
            return replace(body, lines=(*body.lines[:1], words))
        case Digits() as body:
            return replace(body, account=words)
        case Ask() as body:
            return replace(body, about=(words, *body.about[1:]))
        case Choices() as body:
            return replace(body, items=(words, *body.items[1:]))
    return Lines((words, words, words))


def test_a_name_carries_a_mark_that_our_words_do_not() -> None:
    ours = PAINTER.paint(Screen(text("Approved"), Lines((text("You are signed in"),))), "nl")
    theirs = PAINTER.paint(Screen(text("Approved"), Lines((Name("U bent ingelogd"),))), "nl")
    assert ours.words.lines == theirs.words.lines
    marked = _column(theirs.bits, 1)
    assert max(map(len, marked.split("0"))) >= 8
    assert "1" not in _column(ours.bits, 1)[13:52]


def test_names_in_a_request_and_in_a_title_carry_the_mark_too() -> None:
    asked = PAINTER.paint(_ask(Name("Ada de Vries")), "nl")
    assert max(map(len, _column(asked.bits, 1)[12:24].split("0"))) >= 8
    titled = PAINTER.paint(Screen(Name("Goedgekeurd"), Lines((text("Approved"),))), "nl")
    assert "1" * 8 in _column(titled.bits, 1)[:11]


def _column(bits: bytes, x: int) -> str:
    return "".join(f"{bits[y * 16 + x // 8]:08b}"[x % 8] for y in range(64))


def test_letters_of_another_script_never_look_like_latin_ones() -> None:
    latin = PAINTER.paint(_ask(Name("Ada")), "nl")
    cyrillic = PAINTER.paint(_ask(Name("\u0410\u0434\u0430")), "nl")
    assert latin.bits != cyrillic.bits


@given(st.characters(exclude_categories=("C", "Z")), st.characters(exclude_categories=("C", "Z")))
@settings(max_examples=200, deadline=None)
def test_two_letters_never_look_the_same(one: str, other: str) -> None:
    if one != other:
        font = PAINTER.small_font
        assert font.glyph(one) != font.glyph(other)


def test_a_long_value_inside_a_sentence_is_kept_short_and_on_one_line() -> None:
    sentence = text("Code sent to {place}", place="9\n\u202e" + "9" * 512)
    words = say(sentence, "en").words
    assert words.startswith("Code sent to 9 9")
    assert words.endswith("…")
    assert len(words) < 48
    canvas, _said = PAINTER.draw(Screen(text("About"), Lines((sentence,))), "en")
    assert all(one.box.right <= 129 for one in canvas.written)
