"""What `translate` promises to panel and pages."""

from __future__ import annotations

import pytest

from appliance.wording import LANGUAGES, places, translate


def test_a_sentence_is_said_in_dutch() -> None:
    assert translate("Language", "nl") == "Taal"
    assert translate("Language", "en") == "Language"


@pytest.mark.parametrize("language", ["", "fr", "NL", "../nl"])
def test_an_unknown_language_is_english(language: str) -> None:
    assert translate("Language", language) == "Language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_nobody_wrote_down_is_still_said(language: str) -> None:
    assert translate("Quite unknown to {name}", language, name="Ada") == "Quite unknown to Ada"
    assert translate("", language) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_value_leaves_its_place_and_stops_nothing(language: str) -> None:
    assert translate("{count} left", language) == "{count} left"


def test_a_value_from_outside_is_put_in_as_it_is() -> None:
    nasty = "{other} %s {0.__class__} Language"
    assert translate("By {name}", "nl", name=nasty, other="x") == f"By {nasty}"


def test_places_are_found_by_name() -> None:
    assert places("{a} of {b_c} {} {0}") == {"a", "b_c"}
