"""An enrolment against portals that lie: what was scanned, offered and granted must be one and the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.authenticator.containers import Containers
from appliance.authenticator.enrolling import Enrolling, Events
from appliance.authenticator.errands import Carried, Errands, Outbox
from appliance.authenticator.key_making import KeyMaker
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.peers import Peers
from appliance.authenticator.push_enrolling import PushEnrolling
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.clock_trust import Now, Trust
from appliance.core.desk import Device
from appliance.core.events import (
    AccountKept,
    ConfirmAsked,
    ConfirmRefused,
    EnrolmentFailed,
    OfferMade,
    OfferSought,
)
from appliance.core.troubles import Trouble
from appliance.wire.enrolment import Grant, Offer, OtpSeed, seal_offer
from tests.authenticator.fakes import WALL
from tests.authenticator.portal import CODE, ORIGIN, SEED, Portal
from tests.credentials.test_google_migration import account, blob, link

NOW = Now(0.0, WALL, Trust.SYNCED)
DEVICE = Device("Desk Token", "DT-TEST", "1", "plain file")


class LyingPortal(Portal):
    """A portal whose offer or grant can be bent."""

    bend_offer: dict[str, object]
    bend_grant: dict[str, object]

    def offer(self, **other: object) -> Offer:
        return super().offer(**getattr(self, "bend_offer", {}), **other)

    def grant(self, **other: object) -> Grant:
        return super().grant(**getattr(self, "bend_grant", {}), **other)


class Enrolment:
    """Enrolling with its portal, one exchange at a time."""

    def __init__(self, state: Path, allowed: tuple[str, ...] = ()) -> None:
        self.portal, self.outbox = LyingPortal(), Outbox()
        self.vault = Vault(VaultFolder(state, PlainFile(state)))
        self.errands = Errands(self.outbox)
        maker = KeyMaker(lambda _: None)
        pushed = PushEnrolling(self.vault, self.errands, maker, ServerClocks())
        peers = Peers(self.vault, pushed, Containers(self.vault, self.errands))
        self.enrolling = Enrolling(self.vault, self.errands, DEVICE, peers, allowed)

    def scan(self) -> Events:
        return self.enrolling.take_text(self.portal.ticket.link, NOW)

    def carry(self, status: int = 0, body: str = "") -> Events:
        errand = self.outbox.take(0)
        assert errand is not None
        report = self.portal.carry(errand)
        done = self.errands.done(report, 0.0)
        assert done is not None
        if status:
            done = Carried(done.purpose, status, body)
        return self.enrolling.carried(done, NOW)

    def offered(self) -> Events:
        self.scan()
        return self.carry()

    def asked(self) -> Events:
        self.offered()
        self.enrolling.accept(NOW)
        return self.carry()

    def granted(self, code: str = CODE) -> Events:
        self.asked()
        self.enrolling.confirm(code, NOW)
        return self.carry()


@pytest.fixture
def enrolment(tmp_path: Path) -> Iterator[Enrolment]:
    enrolment = Enrolment(tmp_path)
    yield enrolment
    enrolment.vault.close()


def failed(events: Events) -> Trouble:
    (event,) = events
    assert isinstance(event, EnrolmentFailed)
    return event.why


def test_the_whole_way_ends_with_a_kept_account(enrolment: Enrolment) -> None:
    assert enrolment.scan() == (OfferSought(),)
    (offer,) = enrolment.carry()
    assert isinstance(offer, OfferMade)
    assert (offer.account.label, offer.account.issuer) == ("j.jansen", "Rail")
    assert offer.place == "login.example"
    enrolment.enrolling.accept(NOW)
    assert enrolment.carry() == (ConfirmAsked("06-****78"),)
    enrolment.enrolling.confirm(CODE, NOW)
    assert isinstance(enrolment.carry()[0], AccountKept)
    kept = enrolment.vault.kept(offer.account.id)
    assert (kept.origin, kept.person, kept.device) == (ORIGIN, "jan", "dev-1")


def test_the_same_person_is_not_linked_twice(enrolment: Enrolment) -> None:
    enrolment.granted()
    enrolment.portal.ticket = Portal().ticket
    assert failed(enrolment.offered()) is Trouble.DUPLICATE
    assert len(enrolment.vault.accounts()) == 1


def test_a_portal_outside_the_list_is_foreign_and_hears_nothing(tmp_path: Path) -> None:
    enrolment = Enrolment(tmp_path, allowed=("https://other.example",))
    assert failed(enrolment.scan()) is Trouble.FOREIGN
    assert enrolment.outbox.take(0) is None
    enrolment.vault.close()


@pytest.mark.parametrize(
    ("bend", "why"),
    [
        ({"origin": "https://other.example"}, Trouble.FOREIGN),
        ({"expires": WALL}, Trouble.USED_OR_EXPIRED),
        ({"person": ""}, Trouble.NOT_TRUSTED),
        ({"label": "x" * 129}, Trouble.NOT_TRUSTED),
        ({"keys": ()}, Trouble.NOT_TRUSTED),
    ],
)
def test_an_offer_that_does_not_fit_is_not_shown(
    enrolment: Enrolment, bend: dict[str, object], why: Trouble
) -> None:
    enrolment.portal.bend_offer = bend
    assert failed(enrolment.offered()) is why


def test_an_offer_from_somebody_who_did_not_see_the_ticket_is_not_trusted(
    enrolment: Enrolment,
) -> None:
    enrolment.scan()
    forged = seal_offer(enrolment.portal.offer(), Portal().ticket)
    assert failed(enrolment.carry(200, forged)) is Trouble.NOT_TRUSTED


@pytest.mark.parametrize(
    ("bend", "why"),
    [
        ({"person": "piet"}, Trouble.NOT_TRUSTED),
        ({"device": ""}, Trouble.NOT_TRUSTED),
        ({"seed": OtpSeed(SEED[:16])}, Trouble.WEAK_SECRET),
        ({"seed": OtpSeed(SEED, algorithm="MD5")}, Trouble.NOT_TRUSTED),
        ({"seed": OtpSeed(SEED, digits=5)}, Trouble.NOT_LOGIN_QR),
    ],
)
def test_a_grant_other_than_the_offer_is_not_kept(
    enrolment: Enrolment, bend: dict[str, object], why: Trouble
) -> None:
    enrolment.portal.bend_grant = bend
    assert failed(enrolment.granted()) is why
    assert enrolment.vault.accounts() == ()


def test_a_grant_of_another_portal_key_is_not_kept(enrolment: Enrolment) -> None:
    enrolment.asked()
    enrolment.enrolling.confirm(CODE, NOW)
    enrolment.portal.key = Portal().key
    assert failed(enrolment.carry()) is Trouble.NOT_TRUSTED
    assert enrolment.vault.accounts() == ()


@pytest.mark.parametrize(
    ("step", "status", "why"),
    [
        (Enrolment.scan, 404, Trouble.USED_OR_EXPIRED),
        (Enrolment.scan, 410, Trouble.USED_OR_EXPIRED),
        (Enrolment.scan, 302, Trouble.FOREIGN),
        (Enrolment.scan, 401, Trouble.FOREIGN),
        (Enrolment.scan, 200, Trouble.NOT_TRUSTED),
    ],
)
def test_a_portal_that_says_no_is_told_in_its_kind(
    enrolment: Enrolment, step: Callable[[Enrolment], Events], status: int, why: Trouble
) -> None:
    step(enrolment)
    assert failed(enrolment.carry(status, "{}")) is why


def test_wrong_codes_count_down_and_the_last_one_ends_it(enrolment: Enrolment) -> None:
    assert enrolment.granted("111111") == (ConfirmRefused(4),)
    for left in (3, 2, 1, 0):
        enrolment.enrolling.confirm("111111", NOW)
        assert enrolment.carry() == (ConfirmRefused(left),)
    assert failed(enrolment.enrolling.confirm(CODE, NOW)) is Trouble.USED_OR_EXPIRED
    assert enrolment.vault.accounts() == ()


def test_a_reply_after_the_person_left_changes_nothing(enrolment: Enrolment) -> None:
    enrolment.scan()
    errand = enrolment.outbox.take(0)
    assert errand is not None
    enrolment.enrolling.drop()
    assert enrolment.errands.done(enrolment.portal.carry(errand), 0.0) is None


def test_the_accounts_of_an_export_are_offered_one_after_the_other(enrolment: Enrolment) -> None:
    other = b"09876543210987654321"
    text = link(blob(1, account()) + blob(1, account(other).replace(b"Rail:jan", b"Rail:eva")))
    (first,) = enrolment.enrolling.take_text(text, NOW)
    assert isinstance(first, OfferMade)
    enrolment.enrolling.accept(NOW)
    (second,) = enrolment.enrolling.next_offer()
    assert isinstance(second, OfferMade)
    assert (first.account.label, first.number, first.of, first.kept) == ("jan", 1, 2, 0)
    assert (second.account.label, second.number, second.of, second.kept) == ("eva", 2, 2, 1)
    assert enrolment.enrolling.next_offer() == ()
