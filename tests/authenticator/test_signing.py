"""What is signed, with which number and time, and what the portal's word about it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.authenticator.errands import Carried, Errands, Matter, Outbox, Purpose
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import key_of
from appliance.core.clock_trust import Now, Trust
from appliance.core.effects import Sign
from appliance.core.errors import Refused
from appliance.core.events import AnswerStuck, Requested, RequestEnded
from appliance.core.requests import Outcome, Request, Verdict
from appliance.core.troubles import Trouble
from appliance.wire.letters import Answer, open_answer, open_assertion
from tests.authenticator.fakes import WALL
from tests.authenticator.portal import ORIGIN, Portal
from tests.authenticator.test_letters_in import linked

NOW = Now(50.0, WALL + 1, Trust.SYNCED)


class Signer:
    """An account, its portal, and everything between a letter and an answer."""

    def __init__(self, state: Path) -> None:
        self.portal, self.outbox = Portal(), Outbox()
        self.kept = linked(self.portal)
        self.vault = Vault(VaultFolder(state, PlainFile(state)))
        self.vault.keep(self.kept)
        self.letters = Letters(self.vault)
        self.signing = Signing(self.vault, self.letters, Errands(self.outbox))

    def request(self, **other: object) -> Request:
        (event,) = self.letters.take("a", self.portal.letter(**other), NOW).events
        assert isinstance(event, Requested)
        return event.request

    def sent(self) -> Answer:
        errand = self.outbox.take(0)
        assert errand is not None
        assert errand.url == f"{ORIGIN}/device/v1/answers"
        assert self.kept.sign is not None
        return open_answer(errand.body, key_of(self.kept.sign))


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[Signer]:
    signer = Signer(tmp_path)
    yield signer
    signer.vault.close()


def test_each_answer_has_the_next_number_and_it_is_durable_first(signer: Signer) -> None:
    for number in (1, 2, 3):
        signer.signing.answer(Sign(signer.request(), Verdict.DENY), NOW)
        assert signer.sent().count == number
        assert signer.vault.ledger("a").count == number


def test_the_answer_says_what_was_dialled_and_for_whom(signer: Signer) -> None:
    request = signer.request(jti="j1", match="number")
    signer.signing.answer(Sign(request, Verdict.APPROVE, "42"), NOW)
    answer = signer.sent()
    assert (answer.iss, answer.aud, answer.jti, answer.match) == ("dev-1", ORIGIN, "j1", "42")
    assert answer.iat == NOW.wall


def test_a_request_that_is_over_is_not_signed(signer: Signer) -> None:
    request = signer.request()
    signer.letters.tick(request.deadline)
    assert signer.signing.answer(Sign(request, Verdict.APPROVE), NOW) == (
        RequestEnded(request.id, Outcome.EXPIRED),
    )
    assert signer.outbox.take(0) is None


def test_a_request_of_another_account_is_not_signed(signer: Signer) -> None:
    request = replace(signer.request(), account="b")
    signer.signing.answer(Sign(request, Verdict.APPROVE), NOW)
    assert signer.outbox.take(0) is None


@pytest.mark.parametrize(("away", "used"), [(59.0, 0.0), (61.0, 61.0), (-4000.0, -4000.0)])
def test_the_portals_time_is_used_only_when_it_is_more_than_a_minute_away(
    signer: Signer, away: float, used: float
) -> None:
    passport = signer.signing.passport("a", NOW.wall + away, NOW)
    assert signer.kept.sign is not None
    claims = open_assertion(passport, key_of(signer.kept.sign))
    assert claims.iat == NOW.wall + used
    assert claims.exp - claims.iat == 60
    assert (claims.iss, claims.sub, claims.aud) == ("dev-1", "dev-1", f"{ORIGIN}/device/v1/token")


def test_no_two_passports_are_the_same(signer: Signer) -> None:
    assert signer.signing.passport("a", 0, NOW) != signer.signing.passport("a", 0, NOW)


def test_an_unknown_account_has_no_passport(signer: Signer) -> None:
    with pytest.raises(Refused):
        signer.signing.passport("b", 0, NOW)


@pytest.mark.parametrize(
    ("carried", "said"),
    [
        ({"status": 200, "body": '{"outcome": "approved"}'}, Outcome.APPROVED),
        ({"status": 200, "body": '{"outcome": "mismatch"}'}, Outcome.MISMATCH),
        ({"status": 403, "body": '{"outcome": "approved"}'}, Outcome.REFUSED),
        ({"status": 200, "body": '{"outcome": "won"}'}, Trouble.PORTAL_DOWN),
        ({"status": 200, "body": "["}, Trouble.PORTAL_DOWN),
        ({"trouble": Trouble.NO_NETWORK}, Trouble.NO_NETWORK),
    ],
)
def test_the_portals_word_becomes_an_end_or_a_reason(
    signer: Signer, carried: dict[str, object], said: Outcome | Trouble
) -> None:
    request = signer.request().id
    done = Carried(Purpose(Matter.ANSWER, request), **carried)
    events = signer.signing.answered(done, NOW)
    if isinstance(said, Outcome):
        assert events == (RequestEnded(request, said),)
    else:
        assert events == (AnswerStuck(request, said),)
    assert signer.letters.awaiting(request) is None


def test_the_passport_says_how_the_device_is_and_names_nobody(signer: Signer) -> None:
    signing = Signing(signer.vault, signer.letters, Errands(signer.outbox), "1.4.0")
    passport = signing.passport("a", NOW.wall, NOW)
    assert signer.kept.sign is not None
    claims = open_assertion(passport, key_of(signer.kept.sign))
    said = (claims.software, claims.storage, claims.clock)
    assert said == ("1.4.0", signer.vault.level, NOW.trust.value)
