"""Every string of every screen, in both languages, in its real type and place: nothing cut, nothing overlapping."""

from __future__ import annotations

from itertools import combinations

import pytest

from appliance.authenticator.painter import Painter
from appliance.authenticator.painting.canvas import Box, Canvas
from appliance.core.screen import Screen
from appliance.wording import LANGUAGES
from tests.painting.screens import catalogue, unseen

PAINTER = Painter()
SCREENS = catalogue()
EVERY = [(name, language) for name in SCREENS for language in LANGUAGES]


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def _drawn(screen: Screen, language: str) -> Canvas:
    return PAINTER.draw(screen, language)[0]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_none_of_our_words_is_cut(name: str, language: str) -> None:
    written = _drawn(SCREENS[name], language).written
    assert [one.words for one in written if one.ours and not one.whole] == []
    assert [one.words for one in written if "{" in one.words] == []


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_word_lies_on_the_panel(name: str, language: str) -> None:
    outside = [
        one
        for one in _drawn(SCREENS[name], language).written
        if one.box.left < 0 or one.box.top < 0 or one.box.right > 129 or one.box.bottom > 64
    ]
    assert outside == []


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_word_lies_over_another(name: str, language: str) -> None:
    written = _drawn(SCREENS[name], language).written
    assert [
        (one.words, other.words)
        for one, other in combinations(written, 2)
        if _overlap(one.box, other.box)
    ] == []


def test_the_catalogue_shows_every_mode_of_every_flow() -> None:
    assert unseen() == set()
