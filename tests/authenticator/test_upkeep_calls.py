"""What the page may ask of the device itself: it reads states, and whatever matters waits for a hold."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.authenticator.gauges import Gauges
from appliance.authenticator.journal import MOST_LETTERS, MOST_LINES, Journal
from appliance.wire.call import Done
from appliance.wire.carrying import LinkList, Links
from appliance.wire.client import ControlClient, Declined
from appliance.wire.upkeep import (
    AskClock,
    AskNetwork,
    AskPower,
    AskRemove,
    AskSearch,
    AskTest,
    AuditLog,
    AuditReply,
    Certificate,
    Condition,
    ConditionReply,
    NameList,
    Names,
    Network,
    NetworkMoved,
    NetworkState,
    NextOrder,
    Order,
    OrderDone,
    OrderList,
    Panel,
    PanelReply,
    Reorder,
    Report,
    Try,
    Waiting,
    WaitingList,
    Wireless,
)
from tests.authenticator.scripted import Person
from tests.authenticator.test_page_calls import TOTP, let_in

MARK = "0F5A6B9C" * 7 + "D1E2C3B4"
JOIN = Wireless("Stationswifi", "NL", "PLANTED-wachtwoord")


@pytest.fixture
def person(person: Person) -> Person:
    person.link(TOTP)
    return person


@pytest.fixture
def steward(person: Person) -> Iterator[ControlClient]:
    client = ControlClient(person.folder / "control" / "steward.sock", "steward")
    client.call(Report(NetworkState(connected=True, addresses=("192.0.2.10/24",))), Done)
    yield client
    client.close()


def orders(steward: ControlClient) -> OrderList:
    return steward.call(NextOrder(0.0), OrderList)


@pytest.mark.parametrize(
    ("call", "reply"),
    [
        (AskRemove("a"), Done),
        (AskPower("off"), Done),
        (AskClock(1.9e9), Done),
        (AskNetwork(JOIN), Done),
        (AskSearch(), Done),
        (AskTest(), Done),
        (Reorder(()), Done),
        (Try("light"), Done),
        (Panel(), PanelReply),
        (Condition(), ConditionReply),
        (Waiting(), WaitingList),
        (Network(), NetworkState),
    ],
)
def test_a_closed_page_can_neither_ask_nor_read(
    person: Person, call: msgspec.Struct, reply: type[msgspec.Struct]
) -> None:
    with pytest.raises(Declined, match="closed"):
        person.page.call(call, reply)


def test_an_account_is_removed_by_a_hold_and_not_by_a_tap(person: Person) -> None:
    let_in(person)
    (account,) = person.status().accounts
    person.page.call(AskRemove(account.id), Done)
    person.sees("Asked on the page")
    person.wait(1.0)
    person.tap()
    person.sees("jan")
    assert len(person.status().accounts) == 1
    person.page.call(AskRemove(account.id), Done)
    person.wait(1.0)
    person.press(3.2)
    person.sees("Done")
    assert person.status().accounts == ()


def test_a_network_goes_to_the_steward_once_after_the_hold(
    person: Person, steward: ControlClient
) -> None:
    let_in(person)
    person.page.call(AskNetwork(JOIN), Done)
    assert orders(steward).orders == ()
    person.wait(1.0)
    person.press(3.2)
    (order,) = orders(steward).orders
    assert (order.what, order.wireless) == ("network", JOIN)
    assert "PLANTED" not in repr(order)
    assert orders(steward).orders == ()
    steward.call(OrderDone(order.id, "Choose the country first"), Done)
    person.sees("It did not work")


def test_a_search_lasts_until_the_steward_has_reported(
    person: Person, steward: ControlClient
) -> None:
    let_in(person)
    person.page.call(AskSearch(), Done)
    assert person.page.call(Network(), NetworkState).searching
    assert [order.what for order in orders(steward).orders] == ["search"]
    steward.call(Report(NetworkState(time_server="ntp.example.org")), Done)
    told = person.page.call(Network(), NetworkState)
    assert (told.searching, told.time_server) == (False, "ntp.example.org")


def test_a_hold_that_never_comes_forgets_the_network(
    person: Person, steward: ControlClient
) -> None:
    let_in(person)
    person.page.call(AskNetwork(JOIN), Done)
    person.sees("Asked on the page")
    person.wait(61.0)
    person.sees("jan")
    assert orders(steward).orders == ()
    assert person.house.loop._work.upkeep._asked is None


def told_the_time(person: Person, steward: ControlClient) -> Order:
    """In doubt of its clock, the device is asked on the page to set it, and somebody holds."""
    let_in(person)
    person.clock.doubt()
    person.page.call(AskClock(1.9e9), Done)
    person.wait(1.0)
    person.press(3.2)
    (order,) = orders(steward).orders
    return order


def test_a_clock_that_a_technician_set_is_marked_until_the_network_confirms_it(
    person: Person, steward: ControlClient
) -> None:
    order = told_the_time(person, steward)
    assert not person.page.call(Condition(), ConditionReply).by_hand
    steward.call(OrderDone("another"), Done)
    assert person.status().trust == "unknown"
    steward.call(OrderDone(order.id), Done)
    assert person.page.call(Condition(), ConditionReply).by_hand
    assert person.status().trust == "set"
    log_of = person.page.call(AuditLog(), AuditReply).lines
    assert any('"what":"clock","about":"set by hand"' in line for line in log_of)
    person.clock.confirm()
    person.wait(1.0)
    assert person.status().trust == "synced"
    assert not person.page.call(Condition(), ConditionReply).by_hand


def test_a_clock_that_could_not_be_set_stays_in_doubt(
    person: Person, steward: ControlClient
) -> None:
    order = told_the_time(person, steward)
    steward.call(OrderDone(order.id, "The system refused it"), Done)
    assert person.status().trust == "unknown"
    steward.call(OrderDone(order.id), Done)
    assert person.status().trust == "unknown"


def test_without_a_steward_nothing_is_put_before_the_person(person: Person) -> None:
    let_in(person)
    for call in (AskNetwork(JOIN), AskPower("off"), AskClock(1.9e9), AskSearch()):
        with pytest.raises(Declined, match="Nobody on this token"):
            person.page.call(call, Done)
    assert person.title == "jan"


@pytest.mark.parametrize("call", [AskPower("explode"), AskClock(5.0), AskRemove("nobody")])
def test_what_cannot_be_is_refused(
    person: Person, steward: ControlClient, call: msgspec.Struct
) -> None:
    let_in(person)
    with pytest.raises(Declined):
        person.page.call(call, Done)
    assert orders(steward).orders == ()


def test_the_panel_shows_the_mark_of_the_certificate_a_tap_away(person: Person) -> None:
    porter = ControlClient(person.folder / "control" / "porter.sock", "porter")
    with pytest.raises(Declined):
        porter.call(Certificate("too short"), Done)
    porter.call(Certificate(MARK), Done)
    person.choose("Device page")
    person.sees("Device page")
    person.press(3.2)
    person.sees("Open in the browser")
    person.wait(1.0)
    person.tap()
    person.sees("The certificate")
    assert all(MARK[at : at + 4] in person.body for at in range(0, 64, 4))
    porter.close()


@pytest.mark.usefixtures("steward")
def test_browsers_may_call_it_by_the_name_of_its_machine_and_its_addresses(person: Person) -> None:
    porter = ControlClient(person.folder / "control" / "porter.sock", "porter")
    assert porter.call(Names(), NameList).names == ("token-37wy.local", "192.0.2.10")
    porter.close()


def test_the_log_keeps_no_long_secret_and_no_more_than_it_should() -> None:
    journal = Journal()
    for words in ("code 276210 shown", "jwt eyJhbGciOiJIUzI1NiJ9abcdef", "a\nb", "x " * 500):
        journal.emit(logging.LogRecord("test", logging.INFO, "", 0, words, (), None))
    told = [words for _, _, words in journal.rows()]
    assert told[:3] == ["test: code … shown", "test: jwt …", "test: a b"]
    assert all(len(words) <= MOST_LETTERS for words in told)
    for _ in range(MOST_LINES + 5):
        journal.emit(logging.LogRecord("test", logging.INFO, "", 0, "more", (), None))
    assert len(journal.rows()) == MOST_LINES


def test_gauges_that_are_not_there_are_unknown(tmp_path: Path) -> None:
    bare = Gauges(tmp_path / "nowhere", tmp_path)
    assert (bare.temperature(), bare.undervolted(), bare.disk()) == (None, None, None)
    zone = tmp_path / "class/thermal/thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "temp").write_text("48312\n")
    volts = tmp_path / "class/hwmon/hwmon1"
    volts.mkdir(parents=True)
    (volts / "name").write_text("rpi_volt\n")
    (volts / "in0_lcrit_alarm").write_text("1\n")
    there = Gauges(tmp_path, tmp_path)
    assert (there.temperature(), there.undervolted()) == (48.312, True)
    assert there.disk() is not None


def test_a_network_that_moved_is_told_to_the_courier(
    person: Person, steward: ControlClient
) -> None:
    before = person.courier.call(Links(), LinkList)
    steward.call(NetworkMoved(), Done)
    person.sync()
    after = person.courier.call(Links(before.mark, 20.0), LinkList, 20.0)
    assert (after.moves, after.links) == (before.moves + 1, before.links)
