"""A reset begins another life: networks and certificate of the one before go too, wherever the power is cut."""

from __future__ import annotations

from appliance.wire.call import Done
from appliance.wire.carrying import ErrandList, NextErrand
from appliance.wire.client import ControlClient
from appliance.wire.upkeep import NameList, Names, NextOrder, OrderList
from tests.authenticator.scripted import Person
from tests.authenticator.test_leaving import erase, linked


def told_porter(person: Person) -> str:
    client = ControlClient(person.folder / "control" / "porter.sock", "porter")
    life = client.call(Names(), NameList).life
    client.close()
    return life


def told_steward(person: Person) -> str:
    client = ControlClient(person.folder / "control" / "steward.sock", "steward")
    life = client.call(NextOrder(0.0), OrderList).life
    client.close()
    return life


def test_a_life_lasts_from_start_to_start_and_ends_with_a_reset(person: Person) -> None:
    linked(person)
    first = told_porter(person)
    assert first
    assert told_steward(person) == first
    person.stop()
    person.start()
    person.sees("j.jansen")
    person.wait(1.0)
    assert (told_porter(person), told_steward(person)) == (first, first)
    erase(person)
    assert told_porter(person) not in ("", first)


def test_the_networks_stay_until_the_goodbye_is_away(person: Person) -> None:
    linked(person)
    before = told_porter(person)
    erase(person)
    assert told_porter(person) != before
    assert told_steward(person) == ""
    errand = person.courier.call(NextErrand(5.0), ErrandList, 10.0).errands[0]
    person.courier.call(person.portal.carry(errand), Done)
    person.wait(1.0)
    assert told_steward(person) == told_porter(person)


def test_a_portal_that_does_not_answer_keeps_the_networks_for_a_minute_at_most(
    person: Person,
) -> None:
    linked(person)
    erase(person)
    person.wait(50.0)
    assert told_steward(person) == ""
    person.wait(11.0)
    assert told_steward(person) == told_porter(person)


def test_a_cut_while_saying_goodbye_forgets_the_networks_at_the_next_start(person: Person) -> None:
    linked(person)
    erase(person)
    assert told_steward(person) == ""
    after = told_porter(person)
    person.stop()
    person.start()
    person.sees("Desk Token")
    person.wait(1.0)
    assert told_steward(person) == after


def test_a_card_that_cannot_be_read_begins_no_life(person: Person) -> None:
    """Nothing is forgotten because of a broken disk."""
    person.stop()
    (person.folder / "state" / "vault.db").write_bytes(b"something else" * 1000)
    person.start()
    person.sees("Desk Token")
    person.wait(1.0)
    assert (told_porter(person), told_steward(person)) == ("", "")
