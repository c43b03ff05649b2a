"""Who speaks against the clock is named once, in the log of the device, and the digits wait until nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.authenticator.audit import Audit
from appliance.authenticator.believed_time import BelievedTime
from appliance.authenticator.errands import Errands, Outbox
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import Ledger
from appliance.core.clock_trust import Trust
from appliance.wire.audit import Entry
from tests.authenticator.fakes import WALL, SetClock
from tests.authenticator.portal import Portal
from tests.authenticator.test_letters_in import linked


class Device:
    """A clock, and everybody who may know better."""

    def __init__(self, state: Path) -> None:
        self.vault = Vault(VaultFolder(state, PlainFile(state)))
        if not self.vault.accounts():
            self.vault.keep(linked(Portal()))
        self.clock = SetClock()
        self.letters = Letters(self.vault)
        self.signing = Signing(self.vault, self.letters, Errands(Outbox()))
        self.audit = Audit(self.vault, "1")
        self.time = BelievedTime(self.clock, self.vault, self.letters, self.signing, self.audit)

    @property
    def trust(self) -> Trust:
        return self.time.now().trust

    @property
    def told(self) -> list[str]:
        entries = (msgspec.json.decode(line, type=Entry) for line in self.audit.lines())
        return [entry.about for entry in entries if entry.what == "clock"]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path)
    yield device
    device.vault.close()


def test_a_clock_that_nobody_contradicts_is_believed_as_it_is(device: Device) -> None:
    assert device.time.now() == device.clock.now()
    assert device.told == []


def test_a_portal_that_names_another_time_is_told_once(device: Device) -> None:
    device.signing.heard("a", WALL + 45.0, device.clock.now())
    for _ in range(5):
        assert device.trust is Trust.UNKNOWN
    assert device.told == ["doubted: a portal"]
    device.signing.heard("a", WALL + 5.0, device.clock.now())
    assert device.trust is Trust.SYNCED


def test_a_portal_that_changes_its_mind_all_the_time_does_not_fill_the_log(device: Device) -> None:
    for _ in range(50):
        for away in (45.0, 0.0):
            device.signing.heard("a", device.clock.now().wall + away, device.clock.now())
            assert device.trust is (Trust.UNKNOWN if away else Trust.SYNCED)
    assert device.told == ["doubted: a portal"]
    device.clock.move(900.0)
    device.signing.heard("a", device.clock.now().wall + 45.0, device.clock.now())
    assert device.trust is Trust.UNKNOWN
    assert device.told == ["doubted: a portal"] * 2


def test_a_signed_letter_from_later_is_a_floor_that_a_start_remembers(tmp_path: Path) -> None:
    first = Device(tmp_path)
    first.vault.write_ledger("a", Ledger(floor=WALL + 3600.0))
    first.vault.close()
    again = Device(tmp_path)
    assert again.trust is Trust.UNKNOWN
    assert again.told == ["doubted: a signed letter"]
    again.clock.move(3600.0)
    assert again.trust is Trust.SYNCED
    again.vault.close()


def test_a_code_that_was_shown_later_is_remembered_against_a_clock_that_went_back(
    device: Device,
) -> None:
    device.vault.remember_shown(WALL + 60.0)
    assert device.trust is Trust.SYNCED, "the network knows better than what was shown"
    device.clock.set_by_hand()
    assert device.trust is Trust.UNKNOWN
    assert device.told == ["doubted: a code shown before"]


def test_setting_it_by_hand_is_written_down_and_doubted_like_any_other(device: Device) -> None:
    device.clock.doubt()
    device.time.set_by_hand()
    assert device.trust is Trust.SET
    assert device.told == ["set by hand"]
    device.signing.heard("a", WALL + 45.0, device.clock.now())
    assert device.trust is Trust.UNKNOWN
    device.signing.heard("a", WALL, device.clock.now())
    assert device.trust is Trust.SET
