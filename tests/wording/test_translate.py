"""What `translate` promises to panel and pages."""

from __future__ import annotations

import pytest

from appliance.core.screen import in_english, text
from appliance.wording import LANGUAGES, places, spoken, translate


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


def test_a_sentence_within_a_sentence_is_said_in_the_same_language() -> None:
    part = text("the panel's I2C data line")
    said = text("GPIO {pin} is used twice, also for {part}", pin="2", part=part)
    assert spoken(said, "nl") == "GPIO 2 is al in gebruik voor de I2C-data van het scherm"
    assert spoken(said, "en") == in_english(said)
    assert in_english(said) == "GPIO 2 is used twice, also for the panel's I2C data line"


def test_no_value_is_taken_for_a_sentence() -> None:
    assert spoken(text("By {name}", name="Language {name}"), "nl") == "By Language {name}"
