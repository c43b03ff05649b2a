"""The bundled type: whole, measured, and its own source of truth."""

from __future__ import annotations

import pytest

from appliance.authenticator.painting.font import FOLDER, Font
from appliance.authenticator.painting.phrases import chop, wrap
from appliance.authenticator.painting.type_case import load_all
from appliance.wording import catalogue_file
from tests.wording.sources import read_catalogue, words_of

CASE = load_all()
TEXT = {
    n: getattr(CASE, n)
    for n in ("small", "small_bold", "middle", "middle_bold", "large", "large_bold", "huge")
}
FIGURES = {"code_long": 18, "code": 24, "code_big": 48, "dial": 50}


@pytest.mark.parametrize("font", TEXT.values(), ids=TEXT)
def test_every_letter_of_our_sentences_has_a_glyph(font: Font) -> None:
    words = words_of(read_catalogue(catalogue_file("nl", "po")))
    letters = {letter for pair in words.items() for sentence in pair for letter in sentence}
    assert letters - set(font.written) == set()


@pytest.mark.parametrize("font", TEXT.values(), ids=TEXT)
def test_names_of_european_languages_have_their_letters(font: Font) -> None:
    assert set("ÀÉÎÕÜßæøåčđęğłńőřşťżŽĳıŒ€ȘșȚț") - set(font.written) == set()


@pytest.mark.parametrize(("name", "tall"), FIGURES.items())
def test_figures_are_as_high_as_they_should_be(name: str, tall: int) -> None:
    font: Font = getattr(CASE, name)
    assert max(len(font.glyph(figure).rows) for figure in "0123456789") in (tall, tall + 1)
    assert len({font.glyph(figure).advance for figure in "0123456789"}) == 1


def test_a_code_and_three_big_digits_fit_the_panel() -> None:
    assert 2 * CASE.code.width("888") + 6 <= 128
    assert 2 * CASE.code_long.width("8888") + 6 <= 128
    assert CASE.code_big.width("888") <= 128


def test_words_that_are_clipped_say_so_and_fit() -> None:
    clipped = CASE.middle.clip("Zeer lange naam " * 32, 100)
    assert clipped.endswith("…")
    assert CASE.middle.width(clipped) <= 100
    assert CASE.middle.clip("kort", 100) == "kort"


def test_rows_are_about_equally_long() -> None:
    rows = wrap("Het portaal antwoordt niet", CASE.large_bold, 126)
    assert rows == ["Het portaal", "antwoordt niet"]


def test_an_address_is_broken_after_a_sign() -> None:
    rows = chop("https://192.168.178.123:8443", CASE.middle, 122, 2)
    assert rows == ["https://192.168.178.", "123:8443"]


def test_the_licences_of_the_type_lie_beside_it() -> None:
    licences = (FOLDER / "LICENCES.txt").read_text()
    assert "Permission to use, copy, modify, distribute and sell" in licences
    assert "Bitstream" in licences
