"""A colleague is asked to vouch for somebody who links a token: the newcomer's name, "No" first, one answer."""

from __future__ import annotations

from appliance.core.requests import Verdict
from tests.core.person import JAN, Person, request

NEWCOMER = request(asks="vouch", note="Kim de Boer")


def test_the_question_names_the_newcomer() -> None:
    Person((JAN,)).is_asked(NEWCOMER).sees("Vouch for them?", "Kim de Boer", "No", "Yes")


def test_a_yes_is_one_tap_and_a_hold_and_needs_no_number() -> None:
    person = Person((JAN,)).is_asked(NEWCOMER).taps().holds()
    assert [sign.verdict for sign in person.signed] == [Verdict.APPROVE]


def test_a_hold_at_once_vouches_for_nobody() -> None:
    person = Person((JAN,)).is_asked(NEWCOMER).holds()
    assert person.signed == []
    person.sees("Why not?")
