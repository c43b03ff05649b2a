"""Unlock, profile, self-test, practice and the code that never dies in the hand."""

from __future__ import annotations

import pytest

from appliance.core import desk as rules
from appliance.core import effects
from appliance.core.accounts import Code, Profile
from appliance.core.effects import GiveCode, UpdateAccount
from appliance.core.events import (
    CodeReady,
    Health,
    PartTested,
    ProfileArrived,
    RequestEnded,
    UpdateFailed,
)
from appliance.core.flows.self_test import PARTS
from appliance.core.requests import Outcome, Verdict
from appliance.core.screen import Digits
from appliance.core.troubles import Trouble
from tests.core.person import JAN, Person, now, request

DAY = 86400.0
LOCKED = request(asks="unlock", note="14:02 Utrecht")


def known(days: float, match: str = "") -> Person:
    """A linked person whose password is good for so many days."""
    until = now().wall + days * DAY
    told = Profile("a1", "Jan de Boer", until, now().wall, match)
    return Person((JAN,)).happens(ProfileArrived(told))


def test_an_unlock_shows_when_and_from_where_the_wrong_passwords_came() -> None:
    Person((JAN,)).is_asked(LOCKED).sees(
        "Account locked", "Wrong passwords:", "14:02 Utrecht", "Not me", "Unlock"
    )


def test_unlocking_takes_two_steps_and_says_that_the_password_stays() -> None:
    person = (
        Person((JAN,))
        .is_asked(LOCKED)
        .taps()
        .holds()
        .sees("Unlock account?", "Password stays", "Go on")
    )
    assert person.signed == []
    person.taps().holds()
    assert [sign.verdict for sign in person.signed] == [Verdict.APPROVE]
    person.happens(RequestEnded("r1", Outcome.APPROVED)).sees(
        "Unlocked", "The password has not changed"
    )


def test_not_me_keeps_the_account_locked_and_reports_it() -> None:
    assert [sign.verdict for sign in Person((JAN,)).is_asked(LOCKED).holds().signed] == [
        Verdict.REPORT
    ]


def test_back_in_the_second_step_signs_nothing() -> None:
    person = Person((JAN,)).is_asked(LOCKED).taps().holds().holds().sees("Account locked")
    assert person.signed == []


def test_the_profile_shows_days_date_and_when_that_was_heard() -> None:
    known(20.5).holds().taps(2).holds().sees("Profile", "Good for 20 days", "Until", "As of")


def test_an_unheard_profile_is_unknown_and_says_what_to_do() -> None:
    Person((JAN,)).holds().taps(2).holds().sees("Password: unknown", "Update account")


@pytest.mark.parametrize(
    ("days", "warned"),
    [(14.5, True), (15.5, False), (7.2, True), (3.2, True), (1.5, True), (0.5, True)],
)
def test_home_warns_from_fourteen_days_on(days: float, warned: bool) -> None:
    person = known(days).waits(0.2).has_code()
    assert ("Password:" in person.screen) is warned


def test_the_leave_check_says_whether_the_password_lasts() -> None:
    person = known(10).holds().taps(2).holds().taps().sees("Away for 1 week", "Password lasts")
    person.taps().sees("Away for 2 weeks", "Password ends before")


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("press", "You choose Yes"),
        ("number", "and the number on"),
        ("scan", "and scan the code on"),
    ],
)
def test_the_profile_tells_how_the_portal_matches_approvals(match: str, words: str) -> None:
    person = known(10, match).holds().taps(2).holds().sees("Good for 9 days").taps()
    person.sees("Signing in", words).taps().sees("Away for 1 week")


def test_update_account_asks_the_portal_and_shows_the_answer() -> None:
    person = Person((JAN,)).holds().taps(3).holds().sees("One moment please")
    assert person.did(UpdateAccount)
    person.happens(ProfileArrived(Profile("a1", "Jan", now().wall + 9.5 * DAY, now().wall))).sees(
        "Good for 9 days"
    )


def test_a_portal_that_is_away_leaves_what_is_known() -> None:
    person = (
        known(20.5)
        .holds()
        .taps(3)
        .holds()
        .happens(UpdateFailed(Trouble.NO_NETWORK))
        .sees("Not updated")
    )
    person.waits(9.0).holds().taps(2).holds().sees("Good for 20 days")


def test_the_self_test_names_the_part_that_fails() -> None:
    person = Person((JAN,)).holds().taps(4).holds().sees("Testing")
    assert person.did(effects.TestParts)
    for part in PARTS:
        bad = part == "camera"
        why = Trouble.NO_CAMERA if bad else None
        person.happens(PartTested(part, Health.BAD if bad else Health.GOOD, why))
    person.sees("Test: not good", "Camera: bad", "Check the cable").taps().sees(
        "Panel: good", "Portal: good"
    )


def test_the_self_test_says_when_all_is_good() -> None:
    person = Person().taps().taps(2).holds()
    for part in PARTS:
        person.happens(PartTested(part, Health.GOOD))
    person.sees("Test: all good")


def test_a_part_that_never_answers_is_bad() -> None:
    Person((JAN,)).holds().taps(4).holds().waits(46.0).sees("Test: not good", "Time is up")


def test_practice_is_marked_and_sends_nothing() -> None:
    person = (
        Person((JAN,)).holds().taps(7).holds().waits(0.8).sees("PRACTICE", "Nobody is signing in")
    )
    person.taps().holds().sees("PRACTICE", "You said yes", "Nothing was sent")
    assert person.signed == []


def test_open_requests_are_counted() -> None:
    Person((JAN,)).holds().sees("Open requests: 0").taps().holds().sees("Nobody is waiting")


def test_below_six_seconds_the_coming_code_is_offered_with_its_wait() -> None:
    person = Person((JAN,)).waits(0.2)
    start = now(person.at).wall // 30 * 30
    person.has_code().waits(start + 25.0 - now(person.at).wall)
    assert GiveCode("a1", ahead=True) in person.done
    person.happens(CodeReady(Code("a1", "555888", start + 30, start + 60)))
    body = rules.view(person.desk).body
    assert isinstance(body, Digits)
    assert (body.digits, body.waits) == ("555888", 5)
    person.waits(5.2).sees("555888")
    body = rules.view(person.desk).body
    assert isinstance(body, Digits)
    assert body.waits is None


def test_big_digits_show_one_half_after_the_other() -> None:
    person = Person((JAN,)).with_settings(big_digits=True).waits(0.2).has_code()
    halves = set()
    for _ in range(40):
        body = rules.view(person.waits(0.1).desk).body
        halves.add(body.half if isinstance(body, Digits) else None)
    assert halves >= {0, 1}
