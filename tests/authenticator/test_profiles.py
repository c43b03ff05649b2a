"""How long the password lasts: what counts as the portal's word, when it is asked for, and that it is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from appliance.authenticator.errands import Carried, Errands, Matter, Outbox, Purpose
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.profiles import AFTER_A_FAILURE, DAY, Profiles
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import key_of
from appliance.core.accounts import Profile
from appliance.core.clock_trust import Now, Trust
from appliance.core.events import Event, ProfileArrived, UpdateFailed
from appliance.core.troubles import Trouble
from appliance.wire.carrying import Errand
from appliance.wire.letters import open_assertion
from appliance.wire.profile import PROFILE
from tests.authenticator.fakes import WALL
from tests.authenticator.portal import ORIGIN, Portal
from tests.authenticator.test_letters_in import linked

NOW = Now(50.0, WALL + 1, Trust.SYNCED)


class Desk:
    """A vault with one account, and what is carried for it."""

    def __init__(self, folder: Path, portal: Portal) -> None:
        self.portal = portal
        self.outbox = Outbox()
        self.vault = Vault(VaultFolder(folder, PlainFile(folder)))
        if not self.vault.accounts():
            self.vault.keep(linked(portal))
        errands, letters = Errands(self.outbox), Letters(self.vault)
        self.profiles = Profiles(self.vault, Signing(self.vault, letters, errands), errands)

    def errand(self) -> Errand | None:
        return self.outbox.take(0.0)

    def hears(self, body: str, status: int = 200, now: Now = NOW) -> tuple[Event, ...]:
        done = Carried(Purpose(Matter.PROFILE, "a"), status, body)
        return self.profiles.carried(done, now)


@pytest.fixture
def portal() -> Portal:
    return Portal(password_until=WALL + 20 * DAY)


@pytest.fixture
def desk(tmp_path: Path, portal: Portal) -> Iterator[Desk]:
    made = Desk(tmp_path, portal)
    yield made
    made.vault.close()


def test_asking_sends_a_proof_for_that_one_address(desk: Desk) -> None:
    assert desk.profiles.ask("a", NOW) == ()
    errand = desk.errand()
    assert errand is not None
    assert (errand.verb, errand.url) == ("POST", ORIGIN + PROFILE)
    said = open_assertion(errand.body, _key(desk))
    assert (said.iss, said.aud) == (desk.portal.device, ORIGIN + PROFILE)
    assert said.exp - said.iat == 60


def _key(desk: Desk) -> OKPKey:
    sign = desk.vault.kept("a").sign
    assert sign is not None
    return key_of(sign)


def test_what_arrives_is_shown_and_remembered(desk: Desk, portal: Portal, tmp_path: Path) -> None:
    desk.profiles.ask("a", NOW)
    profile = Profile("a", "jan", WALL + 20 * DAY, WALL)
    assert desk.hears(portal.statement()) == (ProfileArrived(profile),)
    desk.vault.close()
    again = Desk(tmp_path, portal)
    assert again.vault.profiles() == (profile,)
    again.vault.close()


@pytest.mark.parametrize(
    ("said", "known"), [("scan", "scan"), ("number", "number"), ("a newer way", ""), ("", "")]
)
def test_a_policy_that_this_software_knows_is_remembered(
    desk: Desk, portal: Portal, said: str, known: str
) -> None:
    desk.profiles.ask("a", NOW)
    desk.hears(portal.statement(match=said))
    assert desk.vault.profiles()[0].match == known


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another device"},
        {"issued": -1.0},
        {"password_until": 1e300},
        {"password_until": -5.0},
        {"person": "x" * 513},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_statement_that_does_not_fit_is_not_taken(
    desk: Desk, portal: Portal, other: dict[str, object]
) -> None:
    desk.profiles.ask("a", NOW)
    assert desk.hears(portal.statement(**other)) == (UpdateFailed(Trouble.NOT_TRUSTED),)
    assert desk.vault.profiles() == ()


def test_another_key_is_not_the_portals(desk: Desk, portal: Portal) -> None:
    desk.profiles.ask("a", NOW)
    forged = Portal(device=portal.device).statement()
    assert desk.hears(forged) == (UpdateFailed(Trouble.NOT_TRUSTED),)


def test_an_older_statement_does_not_come_back(desk: Desk, portal: Portal) -> None:
    old = portal.statement(issued=WALL - 1, password_until=WALL + 90 * DAY)
    desk.hears(portal.statement())
    desk.profiles.ask("a", NOW)
    assert desk.hears(old) == (UpdateFailed(Trouble.NOT_TRUSTED),)
    assert desk.vault.profiles()[0].password_until == WALL + 20 * DAY


def test_what_is_known_stays_when_the_portal_is_away(desk: Desk, portal: Portal) -> None:
    desk.hears(portal.statement())
    desk.profiles.ask("a", NOW)
    away = Carried(Purpose(Matter.PROFILE, "a"), trouble=Trouble.PORTAL_DOWN)
    assert desk.profiles.carried(away, NOW) == (UpdateFailed(Trouble.PORTAL_DOWN),)
    assert len(desk.vault.profiles()) == 1


def test_a_token_that_is_not_linked_any_more_is_told_so(desk: Desk) -> None:
    desk.profiles.ask("a", NOW)
    assert desk.hears("{}", 403) == (UpdateFailed(Trouble.FOREIGN),)


def test_after_linking_it_is_fetched_by_itself(desk: Desk) -> None:
    assert desk.profiles.tick(NOW) == ()
    assert desk.errand() is None
    desk.profiles.line("a", "connected", NOW)
    desk.profiles.tick(NOW)
    assert desk.errand() is not None
    desk.profiles.tick(later(1))
    assert desk.errand() is None


def later(seconds: float) -> Now:
    return replace(NOW, monotonic=NOW.monotonic + seconds, wall=NOW.wall + seconds)


def test_it_is_fetched_once_a_day_and_not_at_every_start(desk: Desk, portal: Portal) -> None:
    desk.hears(portal.statement())
    desk.profiles.line("a", "connected", NOW)
    desk.profiles.tick(later(DAY - 100))
    assert desk.errand() is None
    desk.profiles.tick(later(DAY))
    assert desk.errand() is not None


def test_a_refresh_that_nobody_asked_for_fails_without_a_word(desk: Desk) -> None:
    desk.profiles.line("a", "connected", NOW)
    desk.profiles.tick(NOW)
    assert desk.errand() is not None
    assert desk.hears("{}", 404) == ()
    desk.profiles.tick(later(AFTER_A_FAILURE - 1))
    assert desk.errand() is None
    desk.profiles.tick(later(AFTER_A_FAILURE))
    assert desk.errand() is not None


def test_without_a_line_nothing_is_sent(desk: Desk) -> None:
    desk.profiles.line("a", "connected", NOW)
    desk.profiles.line("a", "no-network", NOW)
    desk.profiles.tick(later(2 * DAY))
    assert desk.errand() is None


def test_an_impatient_person_sends_one_errand(desk: Desk, portal: Portal) -> None:
    for _ in range(3):
        desk.profiles.ask("a", NOW)
    assert desk.errand() is not None
    assert desk.errand() is None
    assert len(desk.hears(portal.statement())) == 1
