"""Every sentence of the page stands in the catalogue, in both languages, with the same places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web.device_page
from appliance.core.settings import ROWS
from appliance.wording import places, translate
from web.device_page import guard, words

HERE = Path(web.device_page.__file__).parent
SAME = {"Accounts", "Camera", "Code", "Joystick", "Status"}


def sentences() -> list[str]:
    found: set[str] = {guard.HOW_TO_OPEN, "Clock"}
    for template in HERE.glob("templates/*.html"):
        found |= {
            a or b
            for a, b in re.findall(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')""", template.read_text())
        }
    for source in HERE.rglob("*.py"):
        found |= set(re.findall(r'\bsay\(\s*"([^"]+)"', source.read_text()))
    for table in (words.TRUST, words.STORAGE, words.PARTS, words.HEALTH, words.KINDS, words.STAGES):
        found |= set(table.values())
    found |= {*words.CHOICES.values(), *words.HELP.values(), *(name for _, name in words.MENU)}
    return sorted(found | {row.label for row in ROWS})


@pytest.mark.parametrize("sentence", sentences())
def test_the_sentence_has_a_dutch_twin(sentence: str) -> None:
    dutch = translate(sentence, "nl")
    assert dutch != sentence or sentence in SAME
    assert places(dutch) == places(sentence)


def test_every_setting_is_explained() -> None:
    assert {row.key for row in ROWS} == set(words.HELP)
