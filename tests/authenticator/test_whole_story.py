"""A person, a portal and a whole authenticator: what is on the panel, what is sent, and what is left afterwards."""

from __future__ import annotations

import logging

import pytest

from appliance.core.requests import Outcome
from appliance.wire.letters import letter_hash
from appliance.wire.scan import Failed, Found
from tests.authenticator.fakes import WALL
from tests.authenticator.portal import CODE, SEED
from tests.authenticator.scripted import Person
from tests.hardware.bodies import soon

HOTP = "otpauth://hotp/Bank:piet?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=1&issuer=Bank"
TOTP = "otpauth://totp/Rail:jan?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Rail"


def test_the_whole_story_from_scan_to_approval_and_over_a_restart(person: Person) -> None:
    person.enrol()
    letter = person.portal.letter(jti="j1", exp=WALL + 1000)
    person.clock.move(WALL - person.clock.now().wall)
    assert person.deliver(letter).taken
    person.sees("Signing in?")
    assert "Utrecht" in person.body
    person.tap()
    person.hold()
    person.carry()
    answer = person.portal.answers[0]
    assert (answer.jti, answer.verdict, answer.count) == ("j1", "approve", 1)
    assert answer.letter == letter_hash(letter)
    person.stop()
    person.start()
    person.sees("j.jansen")
    assert [row.label for row in person.status().accounts] == ["j.jansen"]
    assert person.deliver(letter).reason == "known"


def test_a_tap_never_signs(person: Person) -> None:
    person.enrol()
    person.deliver(person.portal.letter(exp=person.clock.now().wall + 90))
    person.sees("Signing in?")
    for _ in range(5):
        person.tap()
    assert person.portal.answers == []
    assert person.status().waiting == 1


def test_nothing_is_kept_before_the_confirm_code_was_right(person: Person) -> None:
    person.scan(Found(person.portal.ticket.link))
    person.carry()
    person.sees("Link this account?")
    person.hold()
    person.carry()
    for _ in range(5):
        person.sees("Enter the code")
        person.dial("111111")
        person.carry()
    person.sees("Not linked")
    assert person.status().accounts == ()
    person.stop()
    person.start()
    assert person.status().accounts == ()


def test_a_person_who_says_no_leaves_nothing(person: Person) -> None:
    person.scan(Found(person.portal.ticket.link))
    person.carry()
    person.sees("Link this account?")
    person.tap()
    person.sees("Not linked")
    assert person.status().accounts == ()


def test_an_offer_under_another_ticket_is_not_shown(person: Person) -> None:
    real = person.portal.ticket.link
    person.portal.ticket = type(person.portal)().ticket
    person.scan(Found(real))
    person.carry()
    person.sees("Not linked")


@pytest.mark.parametrize(
    "text", ["http://portal.example/e#" + "A" * 26, "x" * 4000, "WIFI:T:WPA;;", "hello"]
)
def test_a_foreign_code_is_told_and_nothing_is_asked_of_any_portal(
    person: Person, text: str
) -> None:
    person.scan(Found(text))
    person.sees("Not linked")


def test_a_device_without_a_camera_says_so_and_lives_on(person: Person) -> None:
    person.scan(Failed("no-camera"))
    person.sees("Not linked")
    assert person.status().parts["camera"] == "bad"


def test_a_lost_reply_is_asked_for_again(person: Person) -> None:
    person.portal.down = True
    person.scan(Found(person.portal.ticket.link))
    person.carry()
    person.portal.down = False
    person.wait(1.5)
    person.carry()
    person.sees("Link this account?")


def test_a_portal_that_stays_away_ends_the_enrolment(person: Person) -> None:
    person.portal.down = True
    person.scan(Found(person.portal.ticket.link))
    person.carry()
    person.wait(30)
    person.sees("Not linked")


def test_a_counter_moves_on_before_its_code_is_shown(person: Person) -> None:
    person.link(HOTP)
    person.sees("piet")
    for digits in ("287082", "359152"):
        person.choose("New code")
        person.sees("piet")
        assert person.big.replace(" ", "") == digits
        person.stop()
        person.start()
        person.sees("piet")


def test_timed_codes_are_right_and_roll_over(person: Person) -> None:
    person.link(TOTP)
    person.sees("jan")
    person.clock.move(59 - person.clock.now().wall)
    person.wait(0)
    person.wait(3)
    assert person.big.replace(" ", "") == "359152"
    person.wait(30)
    assert person.big.replace(" ", "") == "969429"


def test_no_panel_means_no_approval(person: Person) -> None:
    person.enrol()
    person.deliver(person.portal.letter(exp=person.clock.now().wall + 90))
    person.sees("Signing in?")
    person.panel.missing = True
    person.tap()
    person.hold()
    person.hold()
    assert soon(lambda: person.status().parts["panel"] == "bad")
    assert person.portal.answers == []
    person.panel.missing = False
    person.wait(31)
    assert soon(lambda: person.status().parts["panel"] == "good")


def test_a_request_that_ends_at_the_browser_leaves_the_panel(person: Person) -> None:
    person.enrol()
    now = person.clock.now().wall
    person.deliver(person.portal.letter(jti="j1", iat=now, exp=now + 90))
    person.sees("Signing in?")
    closed = person.portal.letter(
        kind="closed", request="j1", outcome=Outcome.CANCELLED.value, iat=now, exp=now + 90
    )
    assert person.deliver(closed).taken
    person.sync()
    assert person.title != "Signing in?"
    assert person.status().waiting == 0


def test_an_unknown_clock_shows_no_digits(person: Person) -> None:
    person.enrol()
    person.clock.doubt()
    person.wait(1)
    assert "Clock not set" in person.body
    assert person.status().trust == "unknown"


def test_planted_secrets_are_nowhere_to_be_found(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        person.enrol()
        person.deliver(person.portal.letter(exp=person.clock.now().wall + 90))
        person.sees("Signing in?")
        person.tap()
        person.hold()
        person.carry()
        status = repr(person.status())
        person.stop()
    planted = (SEED, "12345678901234567890", person.portal.ticket.link[-26:], CODE)
    files = b"".join(path.read_bytes() for path in (person.folder / "state").iterdir())
    for secret in planted:
        assert secret not in caplog.text
        assert secret not in status
        assert secret.encode() not in files
    person.start()


def test_a_clock_that_went_back_before_the_newest_letter_shows_no_digits(person: Person) -> None:
    person.enrol()
    now = person.clock.now().wall
    person.deliver(person.portal.letter(iat=now, exp=now + 5))
    person.sync()
    person.clock.set_wall(now - 3600)
    person.wait(0)
    person.wait(0)
    assert person.status().trust == "unknown"
