"""Effects whose promises stand in the runner itself: no digits in doubt, and nothing shown that was not stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.authenticator import effects_runner
from appliance.authenticator.audit import Audit
from appliance.authenticator.containers import Containers
from appliance.authenticator.doorbell import Rings
from appliance.authenticator.enrolling import Enrolling
from appliance.authenticator.errands import Errands, Outbox
from appliance.authenticator.key_making import KeyMaker
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.link_states import LinkStates
from appliance.authenticator.page_door import PageDoor
from appliance.authenticator.peers import Peers
from appliance.authenticator.pins import Pins
from appliance.authenticator.profiles import Profiles
from appliance.authenticator.push_enrolling import PushEnrolling
from appliance.authenticator.push_logins import PushLogins
from appliance.authenticator.safekeeping import Safekeeping
from appliance.authenticator.scanning import Scanning
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.service_line import ServiceLine
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.work import Work
from appliance.core import desk as rules
from appliance.core.clock_trust import Now, Trust
from appliance.core.desk import Desk, Device
from appliance.core.effects import Buzz, Effect, GiveCode, SetSetting, Sound
from appliance.core.events import CodeReady, Event, Health, PartChanged, SettingsChanged
from appliance.core.settings import Settings
from tests.authenticator.fakes import WALL, SetClock, Signals
from tests.authenticator.portal import Portal
from tests.authenticator.test_letters_in import linked

DEVICE = Device("Desk Token", "DT-TEST", "1", "plain file")
SURE = Now(0.0, WALL, Trust.SYNCED)


def work_in(state: Path, signals: Signals) -> Work:
    return work_on(Vault(VaultFolder(state, PlainFile(state))), state, signals)


def work_on(vault: Vault, state: Path, signals: Signals) -> Work:
    errands, letters = Errands(Outbox()), Letters(vault)
    signing, clocks = Signing(vault, letters, errands), ServerClocks()
    pushed = PushEnrolling(vault, errands, KeyMaker(lambda _: None), clocks)
    peers = Peers(vault, pushed, Containers(vault, errands))
    return Work(
        vault=vault,
        letters=letters,
        errands=errands,
        signing=signing,
        rings=Rings(vault, signing, errands, clocks),
        profiles=Profiles(vault, signing, errands),
        push=PushLogins(vault, errands, clocks),
        enrolling=Enrolling(vault, errands, DEVICE, peers),
        scanning=Scanning(state / "s.sock", lambda _: None),
        links=LinkStates(),
        pins=Pins(vault, 0.0, passes=1),
        audit=Audit(vault, "1"),
        door=PageDoor("http://x"),
        clock=SetClock(),
        lamp=signals,
        buzzer=signals,
        service=ServiceLine(vault),
        safekeeping=Safekeeping(vault),
    )


def desk(settings: Settings | None = None) -> Desk:
    return rules.start(SURE, (), settings or Settings(), DEVICE)


@pytest.fixture
def signals() -> Signals:
    return Signals()


@pytest.fixture
def work(tmp_path: Path, signals: Signals) -> Iterator[Work]:
    work = work_in(tmp_path, signals)
    work.vault.keep(linked(Portal()))
    yield work
    work.vault.close()


@pytest.mark.parametrize("trust", [Trust.SYNCED, Trust.HOLDOVER, Trust.RTC])
def test_a_code_is_given_while_the_clock_is_believed(work: Work, trust: Trust) -> None:
    now = Now(0.0, WALL, trust)
    (event,) = effects_runner.run(work, GiveCode("a"), desk(), now)
    assert isinstance(event, CodeReady)
    assert event.code.holds_at(WALL)


def test_no_digits_of_the_time_in_doubt_even_if_the_rules_ask(work: Work) -> None:
    now = Now(0.0, WALL, Trust.UNKNOWN)
    assert effects_runner.run(work, GiveCode("a"), desk(), now) == ()


def test_the_code_ahead_is_the_one_of_the_next_period(work: Work) -> None:
    (event,) = effects_runner.run(work, GiveCode("a", ahead=True), desk(), SURE)
    assert isinstance(event, CodeReady)
    assert not event.code.holds_at(WALL)
    assert event.code.holds_at(WALL + 30)


@pytest.mark.parametrize("effect", [SetSetting("sound", "on")])
def test_storage_that_fails_is_told_and_nothing_changes(
    tmp_path: Path, signals: Signals, effect: Effect
) -> None:
    (tmp_path / "vault.db").write_bytes(b"something else" * 100)
    work = work_in(tmp_path, signals)
    events: tuple[Event, ...] = effects_runner.run(work, effect, desk(), SURE)
    assert events == (PartChanged("storage", Health.BAD),)


def test_a_setting_is_stored_and_told(work: Work) -> None:
    effect = SetSetting("sound", "on")
    assert effects_runner.run(work, effect, desk(), SURE) == (
        SettingsChanged(Settings(sound=True)),
    )
    assert work.vault.settings() == Settings(sound=True)


def test_a_setting_outside_its_row_changes_nothing(work: Work) -> None:
    assert effects_runner.run(work, SetSetting("sound", "loud"), desk(), SURE) == ()
    assert work.vault.settings() is None


def test_the_buzzer_is_silent_unless_sound_is_on(work: Work, signals: Signals) -> None:
    effects_runner.run(work, Buzz(Sound.DONE), desk(), SURE)
    assert signals.sounds == []
    effects_runner.run(work, Buzz(Sound.DONE), desk(Settings(sound=True)), SURE)
    assert signals.sounds == [Sound.DONE]
