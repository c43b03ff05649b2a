"""The catalogue is whole: each sentence of the sources has a Dutch twin, and the compiled form is the written one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from appliance.wording import catalogue_file, places
from tests.wording.sources import (
    FOLDERS,
    ROOT,
    compiled,
    read_catalogue,
    sentences,
    words_of,
    written,
)

DUTCH = read_catalogue(catalogue_file("nl", "po"))


def test_every_sentence_of_the_sources_has_a_dutch_twin() -> None:
    words = words_of(DUTCH)
    missing = {(file, english) for english, file in sentences() if english not in words}
    assert missing == set()


def test_no_translation_is_a_guess_or_left_over() -> None:
    said = {english for english, _file in sentences()}
    assert [message.id for message in DUTCH if message.fuzzy and message.id] == []
    assert list(DUTCH.obsolete) == []
    assert {str(message.id) for message in DUTCH if message.id} - said == set()


def test_both_languages_have_the_same_places() -> None:
    wrong = [
        english for english, dutch in words_of(DUTCH).items() if places(english) != places(dutch)
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    words = words_of(DUTCH)
    assert catalogue_file("nl", "mo").read_bytes() == compiled(words)
    assert catalogue_file("nl", "po").read_bytes() == written(words)


def test_the_dutch_says_u_and_not_je() -> None:
    familiar = {"je", "jij", "jou", "jouw"}
    assert [d for d in words_of(DUTCH).values() if familiar & set(d.lower().split())] == []


def test_the_dutch_has_one_word_and_one_sort_of_quotes() -> None:
    """It is always `het token` (never `de token`), `u hebt`, and words of the screen stand between “ and ”."""
    mixed = re.compile(r"\b[Dd]e token\b|\b[Uu] heeft\b|[‘’]")
    assert [d for d in words_of(DUTCH).values() if mixed.search(d)] == []


def test_every_place_is_filled_where_the_sentence_is_said() -> None:
    unfilled = [
        f"{file}:{call.lineno}"
        for file, call, english in _said_in_code()
        if not any(given.arg is None for given in call.keywords)
        and not places(english) <= {given.arg for given in call.keywords}
    ]
    assert unfilled == []


def _said_in_code() -> Iterator[tuple[str, ast.Call, str]]:
    for file in (f for folder in FOLDERS for f in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Name("text" | "translate" | "_"),
                    args=[ast.Constant(str() as english), *_],
                ):
                    yield str(file), node, english
