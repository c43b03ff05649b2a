"""What the device page may do: nothing before somebody held the button and typed the code, and little after."""

from __future__ import annotations

import msgspec
import pytest

from appliance.authenticator.page_door import OPEN_SECONDS, TRIES, PageDoor
from appliance.wire.asking import (
    Admitted,
    AskReset,
    AskScan,
    Change,
    Confirm,
    Paste,
    Rename,
    Show,
    TryPin,
)
from appliance.wire.call import Done
from appliance.wire.client import Declined
from appliance.wire.scan import Failed, Found, Picture
from tests.authenticator.portal import CODE
from tests.authenticator.scripted import Person

TOTP = "otpauth://totp/Rail:jan?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Rail"


@pytest.fixture
def person(person: Person) -> Person:
    person.link(TOTP)
    return person


def code_on(person: Person) -> str:
    """The eight digits that stand on the panel."""
    person.sees("Open in the browser")
    shown = person.body.split("('digits', '")[1]
    return shown.split("'")[0]


def let_in(person: Person) -> None:
    person.choose("Device page")
    person.sees("Device page")
    person.press(3.2)
    assert person.page.call(TryPin(code_on(person)), Admitted).admitted
    person.tap()
    person.sees("jan")


@pytest.mark.parametrize(
    "call",
    [
        Paste("x"),
        Show(b"x"),
        Confirm("123456"),
        Rename("a", "b"),
        Change("sound", "on"),
        AskReset(),
        AskScan(),
    ],
)
def test_a_closed_page_can_do_nothing(person: Person, call: msgspec.Struct) -> None:
    with pytest.raises(Declined, match="closed"):
        person.page.call(call, Done)


def test_a_pasted_link_still_waits_for_the_button(person: Person) -> None:
    let_in(person)
    person.page.call(Paste(person.portal.ticket.link), Done)
    person.carry()
    person.sees("Link this account?")
    assert len(person.status().accounts) == 1
    person.hold()
    person.carry()
    person.sees("Enter the code")
    person.page.call(Confirm(f"{CODE[:3]} {CODE[3:]}"), Done)
    person.carry()
    person.sees("Link complete")
    assert [row.kind for row in person.status().accounts] == ["totp", "portal"]


def test_the_same_code_is_not_linked_twice(person: Person) -> None:
    let_in(person)
    person.page.call(Paste(TOTP), Done)
    person.sees("Not linked")
    assert len(person.status().accounts) == 1


def test_a_picture_is_read_by_the_scanner(person: Person) -> None:
    let_in(person)
    person.booth.answer = Found(person.portal.ticket.link)
    person.page.call(Show(b"picture"), Done)
    person.carry()
    person.sees("Link this account?")
    assert person.booth.asked[-1] == Picture(b"picture")


def test_a_picture_without_a_code_is_told(person: Person) -> None:
    let_in(person)
    person.booth.answer = Failed("nothing-found")
    person.page.call(Show(b"picture"), Done)
    person.sees("Not linked")


def test_a_name_and_a_setting_may_be_changed_and_stay(person: Person) -> None:
    let_in(person)
    (row,) = person.status().accounts
    person.page.call(Rename(row.id, " Thuis "), Done)
    person.page.call(Change("sound", "on"), Done)
    person.stop()
    person.start()
    assert person.status().accounts[0].label == "Thuis"
    assert person.status().settings["sound"] == "on"


@pytest.mark.parametrize(
    "call",
    [
        Rename("nobody", "x"),
        Rename("nobody", " "),
        Change("sound", "loud"),
        Change("colour", "red"),
        Confirm("12345"),
        Confirm("１２３４５６"),
        Show(b""),
        Show(bytes(8 * 1024 * 1024 + 1)),
    ],
)
def test_what_does_not_fit_is_refused_in_words(person: Person, call: msgspec.Struct) -> None:
    let_in(person)
    with pytest.raises(Declined):
        person.page.call(call, Done)


def test_a_reset_is_only_asked_for(person: Person) -> None:
    let_in(person)
    person.page.call(AskReset(), Done)
    person.sees("Reset")
    person.press(1.2)
    person.press(4.0)
    assert len(person.status().accounts) == 1
    person.press(5.2)
    person.sees("Erased")
    status = person.status()
    assert status.accounts == ()
    assert not status.page_open
    person.stop()
    person.start()
    person.sees("Desk Token")


def test_five_wrong_codes_end_the_code() -> None:
    door = PageDoor("http://x")
    opened = door.open(0.0)
    assert len(opened.code) == 8
    left = [door.try_code("0" * 9, 1.0).tries_left for _ in range(TRIES)]
    assert left == [4, 3, 2, 1, 0]
    assert not door.try_code(opened.code, 1.0).admitted


def test_a_code_lets_one_browser_in_once() -> None:
    door = PageDoor("http://x")
    code = door.open(0.0).code
    assert door.try_code(f"{code[:4]} {code[4:]}", 1.0).admitted
    assert door.lets_in(2.0)
    assert not door.try_code(code, 2.0).admitted


def test_the_door_closes_by_itself_after_ten_minutes() -> None:
    door = PageDoor("http://x")
    code = door.open(0.0).code
    assert door.is_open(OPEN_SECONDS - 1)
    assert not door.is_open(OPEN_SECONDS)
    assert not door.try_code(code, OPEN_SECONDS).admitted


def test_the_code_never_prints() -> None:
    opened = PageDoor("http://x").open(0.0)
    assert opened.code not in repr(opened)
