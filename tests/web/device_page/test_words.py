"""Every sentence of the page stands in the catalogue, in both languages, with the same places."""

from __future__ import annotations

import pytest

from appliance.core.settings import ROWS
from appliance.wording import places, translate
from tests.wording.sources import sentences
from web.device_page import words

SAME = {"Accounts", "Camera", "Code", "Gateway", "Joystick", "Proxy", "Status"}
OF_THE_PAGE = sorted({said for said, file in sentences() if "web/device_page" in file})


@pytest.mark.parametrize("sentence", OF_THE_PAGE)
def test_the_sentence_has_a_dutch_twin(sentence: str) -> None:
    dutch = translate(sentence, "nl")
    assert dutch != sentence or sentence in SAME
    assert places(dutch) == places(sentence)


def test_every_setting_is_explained() -> None:
    assert {row.key for row in ROWS} == set(words.HELP)
