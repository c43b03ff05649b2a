"""A PIN on a whole device: chosen with the button, asked after a start, and in front of an approval."""

from __future__ import annotations

import pytest

from tests.authenticator.scripted import Person


@pytest.fixture
def person(person: Person) -> Person:
    person.enrol()
    person.choose("PIN")
    person.sees("PIN")
    for _ in range(2):
        person.wait(1.0)
        person.dial("4711")
    person.wait(5.0)
    return person


def restarted(person: Person) -> None:
    person.stop()
    person.panel.frames.clear()
    person.start()
    person.sees("j.jansen")


def test_a_pin_survives_a_start_and_opens_the_codes(person: Person) -> None:
    person.wait(3.0)
    assert len(person.big) == 6
    restarted(person)
    person.wait(3.0)
    assert "Locked" in person.body
    person.hold()
    person.sees("PIN")
    person.wait(1.0)
    person.dial("4711")
    person.sees("j.jansen")
    person.wait(3.0)
    assert len(person.big) == 6


def test_wrong_pins_wait_and_a_start_does_not_forgive(person: Person) -> None:
    restarted(person)
    person.hold()
    for pause in (0.0, 0.0, 10.0, 30.0):
        person.sees("PIN")
        person.wait(1.0)
        person.dial("0000")
        assert ("Wrong PIN" in person.body) == (pause > 0)
        person.wait(min(pause, 10.0))
    restarted(person)
    person.hold()
    person.wait(1.0)
    person.dial("0000")
    assert "Wrong PIN" in person.body
    person.wait(25.0)
    person.dial("4711")
    person.sees("j.jansen")


def test_a_request_is_approved_only_after_the_pin(person: Person) -> None:
    restarted(person)
    issued = person.clock.now().wall
    person.deliver(person.portal.letter(iat=issued, exp=issued + 120))
    person.sees("Signing in?")
    person.wait(1.0)
    person.tap()
    person.hold()
    person.sees("PIN")
    person.wait(1.0)
    person.dial("4711")
    person.sees("Signing in?")
