"""The PIN stands before codes and approvals, and before nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.core import desk as rules
from appliance.core.desk import Desk
from appliance.core.effects import CheckPin, ChoosePin, ForgetPin, GiveCode, Sign
from appliance.core.events import Health, PartChanged, PinsChanged, PinTried, Wiped
from appliance.core.flow import Facts, Mode
from appliance.core.requests import Match, Verdict
from appliance.core.screen import Choices
from appliance.core.settings import Settings
from tests.core.everything import EVENTS, MODES
from tests.core.person import COUNTER, DEVICE, JAN, MAIL, Person, now, request, words


def somebody(*pins: str, **settings: object) -> Person:
    """Jan with three accounts, these PINs, and the PIN typed for none of them."""
    person = Person((JAN, MAIL, COUNTER)).with_settings(**settings)
    person.happens(PartChanged("panel", Health.GOOD)).happens(PinsChanged(pins))
    person.desk = replace(person.desk, facts=replace(person.desk.facts, unlocked=()))
    person.done.clear()
    return person


def last(person: Person, kind: type) -> object:
    return [effect for effect in person.done if isinstance(effect, kind)][-1]


def to_menu_item(person: Person, item: str) -> Person:
    for _ in range(20):
        body = rules.view(person.desk).body
        if isinstance(body, Choices) and words(body.items[body.chosen]) == item:
            return person
        person.taps()
    raise AssertionError(person.screen)


def test_a_locked_device_shows_no_code_and_asks_the_vault_for_none() -> None:
    person = somebody("").waits(3.0).has_code().waits(1.0)
    person.sees("Jan de Boer", "Locked", "Hold: enter the PIN")
    assert "276210" not in person.screen
    assert not person.did(GiveCode)


def test_the_right_pin_shows_the_code_until_the_panel_goes_dark() -> None:
    person = somebody("").holds().waits(1.0).sees("Enter the PIN").dials("4711")
    assert last(person, CheckPin) == CheckPin("", "4711")
    person.sees("One moment please").happens(PinTried("", right=True)).waits(1.0)
    assert person.did(GiveCode)
    person.has_code().sees("276210").waits(61.0)
    assert "276210" not in person.screen
    person.taps().waits(1.0).sees("Locked")


def test_a_wrong_pin_waits_as_long_as_the_vault_says() -> None:
    person = somebody("").holds().waits(1.0).dials("0000")
    person.happens(PinTried("", right=False, wait=30.0)).sees("Wrong PIN", "Wait 30 s")
    checks = len([e for e in person.done if isinstance(e, CheckPin)])
    person.taps().holds().sees("Wrong PIN").waits(20.0)
    person.taps().waits(10.0).sees("Wrong. Try again").dials("1111")
    assert len([e for e in person.done if isinstance(e, CheckPin)]) == checks + 1


@pytest.mark.parametrize(
    ("wait", "said"),
    [(119.0, "Wait 119 s"), (120.0, "Wait 2 min"), (121.0, "Wait 3 min"), (3600.0, "Wait 60 min")],
)
def test_a_long_wait_is_told_in_minutes_and_never_too_short(wait: float, said: str) -> None:
    person = somebody("").holds().waits(1.0).dials("0000")
    person.happens(PinTried("", right=False, wait=wait)).sees("Wrong PIN", said)


def test_the_digits_that_were_taken_are_hidden() -> None:
    person = somebody("").holds().waits(1.0).dials("47")
    person.sees("••")
    assert "47" not in person.screen


@pytest.mark.parametrize("match", [Match.PRESS, Match.NUMBER, Match.SCAN])
def test_a_locked_account_approves_nothing_before_its_pin(match: Match) -> None:
    person = somebody("a1").is_asked(request(match=match))
    person.sees("Signing in?").taps().holds().waits(1.0).sees("Enter the PIN").dials("4711")
    assert not person.signed
    person.happens(PinTried("a1", right=True)).waits(1.0).sees("Signing in?")
    assert not person.signed
    person.taps().holds()
    if match is Match.PRESS:
        assert [effect.verdict for effect in person.signed] == [Verdict.APPROVE]
    else:
        assert "PIN" not in person.screen


def test_the_pin_of_one_account_opens_no_other() -> None:
    person = somebody("a1", "a2").is_asked().taps().holds().waits(1.0).dials("4711")
    person.happens(PinTried("a2", right=False)).happens(PinTried("a2", right=True))
    assert person.desk.facts.locked("a1") == "a1"
    assert person.desk.facts.locked("a3") is None


def test_a_refusal_needs_no_pin() -> None:
    person = somebody("").is_asked().holds().waits(1.0).sees("Why not?").taps().holds()
    assert [effect.verdict for effect in person.signed] == [Verdict.REPORT]


def test_whoever_steps_back_from_the_pin_of_a_request_is_asked_why_not() -> None:
    person = somebody("").is_asked().taps().holds().waits(1.0).sees("Enter the PIN")
    person.taps(10).holds().waits(1.0).sees("Why not?")


def test_the_deadline_of_a_request_ends_its_pin() -> None:
    person = somebody("").is_asked().taps().holds().waits(121.0)
    assert not person.signed
    person.waits(5.0).sees("Locked")


def test_a_forgotten_pin_leads_to_the_menu_with_the_reset() -> None:
    person = somebody("").holds().waits(1.0).taps(10).holds().sees("Menu")
    to_menu_item(person, "Reset").holds().waits(1.0).sees("Erase everything?")


def test_a_counter_account_gives_no_new_code_while_locked() -> None:
    person = somebody("").holds().waits(1.0).taps(10).holds().sees("Menu")
    assert not person.did(GiveCode)


def test_a_pin_is_chosen_by_dialling_it_twice() -> None:
    person = somebody().waits(1.0).holds().sees("Menu")
    to_menu_item(person, "PIN").holds().waits(1.0).sees("Choose a PIN").dials("4711")
    person.waits(1.0).sees("Once more").dials("4712").waits(1.0).sees("Not the same. Again")
    assert not person.did(ChoosePin)
    person.dials("4711").waits(1.0).dials("4711")
    assert last(person, ChoosePin) == ChoosePin("", "4711")
    person.happens(PinsChanged(("",))).sees("The PIN is set")
    assert person.desk.facts.locked("a1") is None


def test_a_pin_for_each_account_belongs_to_the_one_on_the_panel() -> None:
    person = somebody(pin_each=True).waits(1.0).taps().holds().sees("Menu")
    to_menu_item(person, "PIN").holds().waits(1.0).dials("4711").waits(1.0).dials("4711")
    assert last(person, ChoosePin) == ChoosePin("a2", "4711")


def test_changing_or_removing_a_pin_takes_the_old_one_first() -> None:
    person = somebody("").holds().waits(1.0).taps(10).holds()
    to_menu_item(person, "PIN").holds().waits(1.0).sees("Enter the PIN").dials("4711")
    person.happens(PinTried("", right=True)).waits(1.0).sees("Change the PIN").taps().holds()
    assert last(person, ForgetPin) == ForgetPin("")
    person.happens(PinsChanged(())).sees("The PIN is removed")
    assert person.desk.facts.locked("a1") is None


def test_ten_wrong_pins_that_erased_the_device_say_so() -> None:
    person = somebody("").holds().waits(1.0).dials("0000").happens(Wiped())
    person.sees("Erased").waits(5.0).sees("Not linked")


def test_trouble_with_the_storage_is_told() -> None:
    person = somebody("").holds().waits(1.0).dials("0000")
    person.happens(PartChanged("storage", Health.BAD)).sees("Cannot save")


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: type(mode).__name__)
def test_nothing_locked_is_approved_and_no_locked_code_is_asked_for(mode: Mode) -> None:
    for event in EVENTS:
        facts = Facts(now(), (JAN, MAIL, COUNTER), (), Settings(), DEVICE, pins=("", "a1"))
        if isinstance(event, PinTried | PinsChanged):
            continue
        for effect in rules.step(Desk(facts, mode, touched=100.0), event).effects:
            approves = isinstance(effect, Sign) and effect.verdict is Verdict.APPROVE
            assert not approves, (mode, event)
            assert not isinstance(effect, GiveCode), (mode, event)
