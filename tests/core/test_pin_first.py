"""A request whose service wants a PIN while there is none: it is chosen first, and then the person says yes."""

from __future__ import annotations

from dataclasses import replace

from appliance.core.effects import ChoosePin, Sign
from appliance.core.events import Health, PartChanged, PinsChanged, Requested, RequestEnded
from appliance.core.requests import Outcome, Verdict
from tests.core.person import JAN, Person, request


def asked() -> Person:
    """Somebody signs in, and the person wants to say yes."""
    person = Person((replace(JAN, must_pin=True),)).happens(PartChanged("panel", Health.GOOD))
    person.happens(Requested(request())).waits(1.0).taps().holds()
    return person.sees("First choose a PIN")


def test_a_pin_is_chosen_and_then_the_question_comes_back() -> None:
    person = asked().waits(1.0).dials("4711").waits(1.0).sees("Once more").dials("4711")
    assert [e for e in person.done if isinstance(e, ChoosePin)] == [ChoosePin("", "4711")]
    assert not person.did(Sign)
    person.happens(PinsChanged(("",))).waits(1.0).sees("Signing in?").taps().holds()
    (signed,) = [e for e in person.done if isinstance(e, Sign)]
    assert signed.verdict is Verdict.APPROVE


def test_different_digits_are_asked_anew() -> None:
    person = asked().waits(1.0).dials("4711").waits(1.0).dials("4712")
    person.sees("Not the same. Again")
    assert not person.did(ChoosePin)


def test_the_arrow_leads_to_the_refusal() -> None:
    person = asked().waits(1.0).taps(10).holds()
    person.sees("Why not?")


def test_a_request_that_ends_leaves_the_dial_as_it_is() -> None:
    person = asked().waits(1.0).dials("4711").waits(1.0)
    person.happens(RequestEnded("r1", Outcome.CANCELLED)).sees("Once more").dials("4711")
    person.happens(PinsChanged(("",))).sees("The PIN is set")


def test_a_refusal_needs_no_pin() -> None:
    person = Person((replace(JAN, must_pin=True),)).happens(PartChanged("panel", Health.GOOD))
    person.happens(Requested(request())).waits(1.0).holds().waits(1.0).holds()
    (signed,) = [e for e in person.done if isinstance(e, Sign)]
    assert signed.verdict is Verdict.DENY
