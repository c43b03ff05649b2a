"""Every word a person reads, in Dutch and English, for panel and pages: one gettext catalogue.

An English sentence is its own key, so a sentence that is missing from the catalogue is still readable.
Nothing here reads a file after import, and no value put into a sentence is ever looked up or formatted itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import GNUTranslations
from pathlib import Path

from appliance.core.screen import PLACE, Text, filled

LANGUAGES = ("nl", "en")
DOMAIN = "desk_token"
FOLDER = Path(__file__).parent


def catalogue_file(language: str, ending: str) -> Path:
    """Where the catalogue of a language lies: `po` is written by people, `mo` is compiled from it."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def _load(language: str) -> GNUTranslations:
    with catalogue_file(language, "mo").open("rb") as compiled:
        return GNUTranslations(compiled)


_CATALOGUES = {language: _load(language) for language in LANGUAGES if language != "en"}


def translate(english: str, language: str, **fill: str) -> str:
    """The sentence in this language with its {places} filled; English when language or sentence is unknown.

    A place without a value stays as it is written: a word too many is better than a panel that stops.
    """
    return translate_with(english, language, fill)


def translate_with(english: str, language: str, fill: Mapping[str, str]) -> str:
    """As `translate`, with the values in a mapping, so that they may have any name."""
    catalogue = _CATALOGUES.get(language)
    sentence = catalogue.gettext(english) if catalogue and english else english
    return filled(sentence, fill)


def spoken(sentence: Text, language: str) -> str:
    """This sentence in this language, with all that it holds."""
    fill = {place: v if isinstance(v, str) else spoken(v, language) for place, v in sentence.fill}
    return translate_with(sentence.english, language, fill)


def places(sentence: str) -> frozenset[str]:
    """The names of the {places} in a sentence."""
    return frozenset(PLACE.findall(sentence))
