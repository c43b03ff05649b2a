"""A page of a request shows everything that stands on it, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.authenticator.painter import Painter
from appliance.authenticator.painting.passage import AREA
from appliance.authenticator.painting.type_case import load_all
from appliance.core import details
from appliance.core.screen import Passage, Screen, name, text
from tests.painting.test_outside_names import HOSTILE

PAINTER, SMALL = Painter(), load_all().small


def shown(words: str) -> str:
    """Every letter on every page of this name, without the spaces at which rows may break."""
    pages = details.pages((name(words), text("Sent at {time}", time="14:02:11")))
    seen = ""
    for number, lines in enumerate(pages, 1):
        screen = Screen(text("In full"), Passage(lines, number, len(pages)), alert=True)
        canvas, _words = PAINTER.draw(screen, "nl")
        assert all(
            one.box.bottom <= AREA.bottom + 1 and one.box.right <= 127 for one in canvas.written
        )
        seen += "".join(one.words for one in canvas.written if not one.ours)
    return seen.replace(" ", "")


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_there_in_full(words: str) -> None:
    assert shown(words) == name(words).words.replace(" ", "")


@given(st.text(max_size=520))
@settings(max_examples=150, deadline=None)
def test_any_name_is_there_in_full(words: str) -> None:
    assert shown(words) == "".join(name(words).words.split(" "))


def test_no_letter_is_wider_than_the_rules_reckon() -> None:
    wider = [
        letter for letter in SMALL.written if SMALL.glyph(letter).advance > details.width(letter)
    ]
    assert wider == []


@given(st.characters(exclude_categories=("C",)))
@settings(max_examples=300, deadline=None)
def test_no_letter_of_any_script_is_wider_than_the_rules_reckon(letter: str) -> None:
    assert SMALL.glyph(letter).advance <= details.width(letter)
