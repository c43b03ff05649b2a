"""Signing in, told as a person would tell it."""

from __future__ import annotations

import pytest

from appliance.core.accounts import Account
from appliance.core.effects import StopScan
from appliance.core.events import (
    AnswerStuck,
    Health,
    OfferMade,
    PartChanged,
    Requested,
    RequestEnded,
)
from appliance.core.requests import Match, Outcome, Verdict
from appliance.core.troubles import Trouble
from tests.core.person import COUNTER, JAN, MAIL, Person, request


def test_a_request_shows_who_which_service_and_where() -> None:
    Person((JAN,)).is_asked().sees("Signing in?", "jan", "Werkplek", "Utrecht", "No", "Yes")


def test_holding_at_once_only_opens_the_endings_of_no() -> None:
    person = Person((JAN,)).is_asked().holds()
    person.sees("Why not?", "By mistake", "This was not me")
    assert person.signed == []


def test_yes_is_one_tap_and_a_hold() -> None:
    person = Person((JAN,)).is_asked().taps().holds()
    assert [(sign.request.id, sign.verdict) for sign in person.signed] == [("r1", Verdict.APPROVE)]


def test_no_by_mistake_is_signed_as_deny() -> None:
    person = Person((JAN,)).is_asked().holds().waits(0.1).holds()
    assert [sign.verdict for sign in person.signed] == [Verdict.DENY]


def test_this_was_not_me_is_signed_as_report() -> None:
    person = Person((JAN,)).is_asked().holds().taps().holds()
    assert [sign.verdict for sign in person.signed] == [Verdict.REPORT]


def test_the_number_goes_into_the_answer() -> None:
    person = Person((JAN,)).is_asked(request(match=Match.NUMBER)).taps().holds()
    person.sees("Enter the number").dials("42")
    assert [(sign.verdict, sign.match) for sign in person.signed] == [(Verdict.APPROVE, "42")]


def test_the_arrow_takes_a_digit_back_and_then_leaves_the_number() -> None:
    person = Person((JAN,)).is_asked(request(match=Match.NUMBER)).taps().holds()
    person.taps(4).holds().taps(10).holds().sees("Enter the number").taps(10).holds().sees(
        "Signing in?"
    )
    assert person.signed == []


def test_a_tap_never_signs() -> None:
    assert Person((JAN,)).is_asked().taps(25).signed == []


def test_a_hold_that_began_before_the_request_never_counts() -> None:
    person = Person((JAN,)).presses()
    person.is_asked().waits(3.0).releases()
    assert person.signed == []
    person.sees("Signing in?")


def test_a_press_in_the_first_tenths_never_counts() -> None:
    person = Person((JAN,)).happens(Requested(request())).waits(0.3)
    person.presses().waits(2.0).releases().sees("Signing in?")
    assert person.signed == []


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_said_and_home_comes_back_by_itself(outcome: Outcome) -> None:
    person = Person((JAN,)).is_asked().taps().holds()
    person.happens(RequestEnded("r1", outcome))
    assert "Signing in?" not in person.screen
    person.waits(4.0).has_code().sees("276210")


def test_a_cancel_at_the_browser_ends_the_question_here() -> None:
    Person((JAN,)).is_asked().happens(RequestEnded("r1", Outcome.CANCELLED)).sees("Cancelled")


def test_an_unanswered_request_expires_and_is_never_a_yes() -> None:
    person = Person((JAN,)).is_asked().waits(120.0).sees("Request expired")
    assert person.signed == []


def test_an_answer_that_cannot_be_sent_is_said_and_may_be_tried_again() -> None:
    person = Person((JAN,)).is_asked().taps().holds().happens(AnswerStuck("r1", Trouble.NO_NETWORK))
    person.sees("Not sent", "No network").waits(9.0).sees("Signing in?")


def test_two_logins_are_asked_one_after_the_other() -> None:
    person = (
        Person((JAN,)).is_asked(request("r1")).happens(Requested(request("r2", service="Mail")))
    )
    person.sees("Werkplek").happens(RequestEnded("r1", Outcome.CANCELLED)).waits(4.0)
    person.sees("Signing in?", "Mail")


def test_the_same_request_twice_is_asked_once() -> None:
    person = Person((JAN,)).is_asked().happens(Requested(request()))
    person.happens(RequestEnded("r1", Outcome.DENIED)).waits(4.0)
    assert "Signing in?" not in person.screen


def test_no_panel_no_approvals() -> None:
    person = Person((JAN,)).is_asked().happens(PartChanged("panel", Health.BAD)).taps().holds()
    assert person.signed == []
    person.happens(PartChanged("panel", Health.GOOD)).waits(1.0).taps().holds()
    assert len(person.signed) == 1


def test_a_panel_that_came_back_must_be_read_again_first() -> None:
    person = Person((JAN,)).is_asked().taps().happens(PartChanged("panel", Health.BAD)).presses()
    person.happens(PartChanged("panel", Health.GOOD)).waits(3.0).releases()
    assert person.signed == []


def test_a_request_wakes_a_dark_panel() -> None:
    Person((JAN,)).waits(90.0).is_asked().sees("Signing in?")


def test_a_request_during_a_scan_turns_the_camera_off() -> None:
    person = Person().holds().sees("Camera on").is_asked().sees("Signing in?")
    assert person.did(StopScan)


def test_a_request_during_an_enrolment_gives_the_enrolment_back() -> None:
    person = Person((MAIL,)).happens(OfferMade(JAN, "portal.example", needs_confirm=True))
    person.sees("Link this account?").is_asked().sees("Signing in?")
    person.happens(RequestEnded("r1", Outcome.DENIED)).waits(3.0).sees("Link this account?")


@pytest.mark.parametrize("accounts", [(), (JAN,), (JAN, MAIL, COUNTER)])
@pytest.mark.parametrize("steps", range(8))
def test_a_request_takes_over_from_every_line_of_the_menu(
    accounts: tuple[Account, ...], steps: int
) -> None:
    person = Person(accounts)
    person = person.holds() if accounts else person.taps()
    person.taps(steps).holds().is_asked()
    person.sees("Signing in?", "jan")


def test_only_the_main_key_answers_with_three_keys_too() -> None:
    person = Person((JAN,)).is_asked().taps(1, "next").holds()
    assert [sign.verdict for sign in person.signed] == [Verdict.APPROVE]


def test_the_back_key_asks_why_not() -> None:
    Person((JAN,)).is_asked().taps(1, "back").sees("Why not?")
