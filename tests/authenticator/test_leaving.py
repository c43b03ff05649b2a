"""The end of an account: a signed revoke destroys its keys at once, and an erased device says goodbye."""

from __future__ import annotations

import pytest

from appliance.wire.call import Done
from appliance.wire.carrying import Deliver, ErrandList, Line, NextErrand, Taken
from appliance.wire.client import Declined
from appliance.wire.scan import Found
from tests.authenticator.fakes import WALL
from tests.authenticator.portal import ORIGIN, Portal
from tests.authenticator.scripted import Person

TOTP = "otpauth://totp/Bank:piet?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Bank"


def linked(person: Person) -> str:
    """Link the portal's account; gives its id on the device."""
    person.enrol()
    person.clock.move(WALL - person.clock.now().wall)
    return person.status().accounts[0].id


def test_a_revoke_destroys_the_account_and_says_so(person: Person) -> None:
    linked(person)
    assert person.deliver(person.portal.letter(kind="revoke", exp=WALL + 1e8)).taken
    person.sees("Unlinked")
    assert person.status().accounts == ()
    person.stop()
    person.start()
    person.sees("Desk Token")
    assert person.status().accounts == ()


def test_a_revoke_ends_the_question_on_the_panel(person: Person) -> None:
    linked(person)
    person.deliver(person.portal.letter(exp=WALL + 100))
    person.sees("Signing in?")
    person.deliver(person.portal.letter(kind="revoke", exp=WALL + 1e8))
    person.sees("Not accepted")
    assert person.status().waiting == 0
    person.wait(4.0)
    person.sees("Unlinked")


def test_only_the_portal_itself_revokes(person: Person) -> None:
    linked(person)
    stranger = Portal(device=person.portal.device)
    assert person.deliver(stranger.letter(kind="revoke", exp=WALL + 1e8)).reason == "forged"
    other = person.portal.letter(kind="revoke", aud="another device", exp=WALL + 1e8)
    assert person.deliver(other).reason == "foreign"
    assert len(person.status().accounts) == 1


def test_other_accounts_stay(person: Person) -> None:
    linked(person)
    person.booth.answer = Found(TOTP)
    person.choose("Scan QR code")
    person.sees("Link this account?")
    person.hold()
    person.sees("Link complete")
    person.tap()
    person.sees("piet")
    portal = person.status().accounts[0].id
    letter = person.portal.letter(kind="revoke", exp=WALL + 1e8)
    assert person.courier.call(Deliver(portal, letter), Taken).taken
    person.sees("Unlinked")
    assert [row.issuer for row in person.status().accounts] == ["Bank"]


def test_a_revoked_account_takes_no_letters_any_more(person: Person) -> None:
    account = linked(person)
    person.deliver(person.portal.letter(kind="revoke", exp=WALL + 1e8))
    person.sees("Unlinked")
    with pytest.raises(Declined):
        person.courier.call(Line(account, "connected"), Done)


def test_an_erased_device_says_goodbye(person: Person) -> None:
    linked(person)
    erase(person)
    errand = person.courier.call(NextErrand(5.0), ErrandList, 10.0).errands[0]
    assert errand.url == f"{ORIGIN}/device/v1/farewell"
    person.courier.call(person.portal.carry(errand), Done)
    (said,) = person.portal.farewells
    assert (said.iss, said.aud) == (person.portal.device, errand.url)


def erase(person: Person) -> None:
    person.choose("Reset")
    person.sees("Reset")
    person.press(6.0)
    person.sees("Erased")


def test_a_portal_that_is_away_does_not_keep_a_device_from_being_erased(person: Person) -> None:
    linked(person)
    person.portal.down = True
    erase(person)
    assert person.status().accounts == ()
