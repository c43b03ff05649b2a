"""Taking over the accounts of an export: picture after picture, then account after account."""

from __future__ import annotations

import pytest

from appliance.core.effects import AcceptOffer, DropOffer, NextOffer, StartScan, StopScan
from appliance.core.events import (
    AccountKept,
    EnrolmentFailed,
    ExportSeen,
    OfferMade,
    OfferSought,
    ScanEnded,
)
from appliance.core.troubles import Trouble
from appliance.core.wishes import Grant, Granted, Kind, Refuse, Wish, Wished
from tests.core.person import COUNTER, JAN, MAIL, Person

WIFI = Wish("w1", Kind.WIFI, "Thuis")


def offer(number: int, of: int = 3, kept: int = 0) -> OfferMade:
    return OfferMade(MAIL, "", needs_confirm=False, number=number, of=of, kept=kept)


def scanned(have: int = 1) -> Person:
    """A person who has shown some of three pictures to the camera."""
    return Person().holds().happens(ExportSeen(have, 3))


def offered(number: int = 1, kept: int = 0) -> Person:
    return scanned(2).happens(offer(number, kept=kept)).waits(0.8)


def count(person: Person, kind: type) -> int:
    return sum(isinstance(effect, kind) for effect in person.done)


def test_the_camera_goes_on_for_the_next_picture_and_says_how_many_it_has() -> None:
    person = scanned().sees("Camera on: 1 of 3")
    assert count(person, StartScan) == 2
    person.happens(ExportSeen(2, 3)).sees("Camera on: 2 of 3")


def test_every_picture_gives_a_minute_for_the_next_one() -> None:
    scanned().waits(50.0).happens(ExportSeen(2, 3)).waits(50.0).sees("2 of 3")


@pytest.mark.parametrize("end", ["hold", "back", "time", "camera", "other"])
def test_whoever_stops_half_way_keeps_nothing(end: str) -> None:
    person = scanned(2)
    match end:
        case "hold":
            person.holds()
        case "back":
            person.taps(role="back")
        case "time":
            person.waits(61.0).sees("Nothing was saved")
        case "camera":
            person.happens(ScanEnded(Trouble.NO_CAMERA)).sees("Camera not found")
        case "other":
            person.happens(EnrolmentFailed(Trouble.OTHER_EXPORT)).sees("Of another export")
            return
    assert person.did(DropOffer)


def test_a_request_between_two_pictures_ends_the_collecting() -> None:
    person = scanned(2).is_asked().sees("Signing in?")
    assert person.did(StopScan)
    assert person.did(DropOffer)


def test_each_account_has_a_hold_of_its_own() -> None:
    person = offered().sees("Link 1 of 3?").holds()
    assert count(person, AcceptOffer) == 1
    person.happens(AccountKept(MAIL))
    assert count(person, NextOffer) == 1
    person.happens(offer(2, kept=1)).sees("Link 2 of 3?").waits(0.8).holds()
    assert count(person, AcceptOffer) == 2


def test_a_tap_passes_one_account_over_and_not_the_rest() -> None:
    person = offered().taps()
    assert person.did(NextOffer)
    assert not person.did(DropOffer)
    assert not person.did(AcceptOffer)


def test_the_hold_for_one_account_never_counts_for_the_next() -> None:
    person = offered().presses().waits(1.2).happens(AccountKept(MAIL)).happens(offer(2, kept=1))
    person.waits(2.0).releases()
    assert count(person, AcceptOffer) == 1


def test_the_last_account_ends_the_story() -> None:
    offered(3, kept=2).holds().happens(AccountKept(COUNTER)).sees("Link complete", "vpn")


def test_no_to_the_last_account_says_how_many_were_linked() -> None:
    person = offered(3, kept=2).taps().sees("Link complete", "Linked: 2 of 3")
    assert person.did(DropOffer)


def test_no_to_every_account_says_that_nothing_was_saved() -> None:
    offered(3).taps().sees("Not linked", "Nothing was saved")


def test_the_back_key_ends_the_whole_export() -> None:
    person = offered().taps(role="back").sees("Nothing was saved")
    assert person.did(DropOffer)
    assert not person.did(NextOffer)


def test_accounts_that_nobody_answers_are_dropped_and_the_kept_ones_told() -> None:
    person = offered(2, kept=1).waits(61.0).sees("Linked: 1 of 3")
    assert person.did(DropOffer)


def test_pictures_from_the_page_are_counted_without_the_camera() -> None:
    person = Person((JAN,)).happens(ExportSeen(1, 3)).sees("1 of 3", "Show the next picture")
    assert not person.did(StartScan)
    person.happens(ExportSeen(2, 3)).sees("2 of 3").happens(offer(1)).sees("Link 1 of 3?")


def test_pictures_from_the_page_are_forgotten_with_a_hold_or_after_a_minute() -> None:
    person = Person((JAN,)).happens(ExportSeen(1, 3)).holds()
    assert person.did(DropOffer)
    person = Person((JAN,)).happens(ExportSeen(1, 3)).waits(61.0).sees("Time is up")
    assert person.did(DropOffer)


def test_a_link_that_is_pasted_over_an_offer_is_shown_and_must_be_read_anew() -> None:
    person = Person().happens(offer(1, of=1)).waits(0.8).presses().waits(0.5)
    person.happens(OfferMade(JAN, "portal.example", needs_confirm=True)).sees("Jan de Boer")
    person.waits(2.0).releases()
    assert not person.did(AcceptOffer)
    person.waits(0.8).happens(OfferSought()).sees("One moment please")


def test_a_scanned_network_is_asked_and_joined_after_a_long_hold() -> None:
    person = Person().holds().happens(Wished(WIFI)).waits(0.8)
    person.sees("Wi-Fi code", "Use this Wi-Fi?", "Thuis").holds()
    assert person.did(StopScan)
    assert Grant(WIFI) in person.done
    person.happens(Granted("w1")).sees("Done", "Thuis")


def test_a_tap_leaves_the_network_as_it_is() -> None:
    person = Person().holds().happens(Wished(WIFI)).waits(0.8).taps()
    assert Refuse(WIFI) in person.done
    assert not person.did(Grant)
