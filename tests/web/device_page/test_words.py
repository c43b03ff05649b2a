"""Every sentence of the page stands in the catalogue, in both languages, with the same places."""

from __future__ import annotations

import pytest

from appliance.authenticator.guards.pi_firmware import PiFirmware
from appliance.authenticator.guards.systemd_creds import SystemdCredential
from appliance.authenticator.guards.tpm2 import Tpm2
from appliance.authenticator.keys import PlainFile
from appliance.core.clock_trust import Trust
from appliance.core.settings import ROWS
from appliance.wording import places, translate
from tests.wording.sources import sentences
from web.device_page import words

SAME = {"Accounts", "Camera", "Code", "Gateway", "Joystick", "Proxy", "Status", "Update"}
OF_THE_PAGE = sorted({said for said, file in sentences() if "web/device_page" in file})


@pytest.mark.parametrize("sentence", OF_THE_PAGE)
def test_the_sentence_has_a_dutch_twin(sentence: str) -> None:
    dutch = translate(sentence, "nl")
    assert dutch != sentence or sentence in SAME
    assert places(dutch) == places(sentence)


def test_every_state_of_the_clock_and_every_guard_has_its_words() -> None:
    """The level of the storage is the guard's own name: TPM, firmware, systemd's credential, or a plain file."""
    assert {trust.value for trust in Trust} == set(words.TRUST)
    guards = (Tpm2, PiFirmware, SystemdCredential, PlainFile)
    assert {guard.level for guard in guards} <= set(words.STORAGE)


def test_every_setting_is_explained() -> None:
    assert {row.key for row in ROWS} == set(words.HELP)
