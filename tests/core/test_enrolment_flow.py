"""Linking an account, told as a person would tell it."""

from __future__ import annotations

import pytest

from appliance.core.effects import AcceptOffer, DropOffer, SendConfirm
from appliance.core.events import (
    AccountKept,
    ConfirmAsked,
    ConfirmRefused,
    ConfirmTyped,
    EnrolmentFailed,
    OfferMade,
    OfferSought,
)
from appliance.core.troubles import Trouble
from tests.core.person import JAN, MAIL, Person

OFFER = OfferMade(JAN, "portal.example", needs_confirm=True)


def offered() -> Person:
    """A person who scanned a good code and reads the offer."""
    return (
        Person().holds().happens(OfferSought()).sees("One moment please").happens(OFFER).waits(0.8)
    )


def dialling() -> Person:
    """A person who accepted and was sent a code."""
    return offered().holds().happens(ConfirmAsked("06•••12")).waits(0.8)


def test_who_and_which_service_are_shown_before_anything_is_stored() -> None:
    person = offered().sees("Link this account?", "Werkplek", "Jan de Boer", "portal.example")
    assert not person.did(AcceptOffer)


def test_a_hold_accepts_the_offer() -> None:
    assert offered().holds().did(AcceptOffer)


def test_a_tap_drops_the_offer() -> None:
    person = offered().taps().sees("Not linked", "Nothing was saved")
    assert person.did(DropOffer)
    assert not person.did(AcceptOffer)


def test_an_offer_that_nobody_answers_is_dropped() -> None:
    person = offered().waits(61.0).sees("Nothing was saved")
    assert person.did(DropOffer)


def test_the_code_is_dialled_with_one_button() -> None:
    person = dialling().sees("Enter the code", "06•••12").dials("123456")
    assert SendConfirm("123456") in person.done


def test_the_code_may_be_typed_on_the_page_instead() -> None:
    assert SendConfirm("654321") in dialling().happens(ConfirmTyped("654321")).done


def test_a_wrong_code_says_how_many_tries_are_left() -> None:
    person = dialling().dials("111111").happens(ConfirmRefused(4)).waits(0.8).sees("Tries left: 4")
    person.dials("222222")
    assert SendConfirm("222222") in person.done


def test_the_fifth_wrong_code_ends_it() -> None:
    dialling().dials("111111").happens(ConfirmRefused(0)).sees(
        "Wrong too often", "Ask for a new QR code"
    )


def test_the_arrow_at_the_first_digit_gives_up() -> None:
    person = dialling().taps(10).holds().sees("Nothing was saved")
    assert person.did(DropOffer)


def test_link_complete_then_one_press_to_the_code() -> None:
    person = (
        dialling()
        .dials("123456")
        .happens(AccountKept(JAN))
        .waits(0.8)
        .sees("Link complete", "get started")
    )
    person.taps().has_code().sees("Jan de Boer", "276210")


def test_a_foreign_code_is_kept_without_a_confirm_code() -> None:
    person = Person().holds().happens(OfferMade(MAIL, "", needs_confirm=False)).waits(0.8).holds()
    person.happens(AccountKept(MAIL)).sees("Link complete")


@pytest.mark.parametrize("why", list(Trouble))
def test_every_failure_is_said_and_home_comes_back(why: Trouble) -> None:
    person = offered().holds().happens(EnrolmentFailed(why)).sees("Not linked")
    person.waits(9.0).sees("Hold: scan")


def test_a_portal_that_never_answers_does_not_keep_the_panel() -> None:
    person = offered().holds().waits(61.0).sees("The portal does not answer")
    assert person.did(DropOffer)


def test_a_pasted_link_starts_the_story_from_home() -> None:
    Person((MAIL,)).happens(OfferSought()).happens(OFFER).sees("Link this account?")


def test_a_pasted_link_during_a_request_waits_its_turn() -> None:
    Person((MAIL,)).is_asked().happens(OFFER).sees("Signing in?")


def test_a_linked_account_is_first_seen_when_the_person_is_ready() -> None:
    Person((MAIL,)).happens(OFFER).waits(0.8).holds().happens(AccountKept(JAN)).waits(500.0).sees(
        "Link complete"
    )
