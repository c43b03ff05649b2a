"""Home, the menu and the panel's rest, told as a person would tell it."""

from __future__ import annotations

from appliance.core import desk as rules
from appliance.core.accounts import Code
from appliance.core.clock_trust import Trust
from appliance.core.effects import (
    ClosePage,
    GiveCode,
    OpenPage,
    SetSetting,
    StartScan,
    StopScan,
    Wipe,
)
from appliance.core.events import (
    CodeReady,
    FrameSeen,
    PageOpened,
    ResetAsked,
    ScanAsked,
    ScanEnded,
    ScanHint,
    Wiped,
)
from appliance.core.troubles import Trouble
from tests.core.person import COUNTER, JAN, MAIL, Person


def test_an_unlinked_device_says_so_and_offers_the_scan() -> None:
    person = Person().sees("Not linked", "Hold: scan").holds().sees("Camera on")
    assert person.did(StartScan)


def test_the_camera_is_off_until_somebody_holds() -> None:
    assert not Person().waits(20.0).taps(1).did(StartScan)


def test_the_camera_goes_off_after_a_minute() -> None:
    person = Person().holds().waits(61.0).sees("Time is up")
    assert person.did(StopScan)


def test_a_hold_stops_the_scan() -> None:
    person = Person().holds().holds().sees("Not linked")
    assert person.did(StopScan)


def test_the_viewfinder_says_what_would_help() -> None:
    Person().holds().happens(FrameSeen(8, 8, bytes(8), ScanHint.CLOSER)).sees("Move closer")


def test_a_missing_camera_is_a_sentence() -> None:
    Person().holds().happens(ScanEnded(Trouble.NO_CAMERA)).sees(
        "Camera not found", "Check the cable"
    )


def test_the_code_is_asked_for_and_shown_with_the_account() -> None:
    person = Person((JAN,)).waits(0.2)
    assert person.did(GiveCode)
    person.has_code().sees("Jan de Boer", "276210")


def test_a_new_code_is_asked_for_when_the_old_one_ends() -> None:
    person = Person((JAN,)).waits(0.2).has_code().waits(30.0)
    assert "276210" not in person.screen


def test_a_tap_shows_the_next_account() -> None:
    Person((JAN, MAIL)).taps().sees("jan@mail.example").taps().sees("Jan de Boer")


def test_an_unknown_clock_shows_no_digits_but_why() -> None:
    person = (
        Person((JAN,), trust=Trust.UNKNOWN)
        .waits(1.0)
        .sees("Clock not set", "Waiting for the network")
    )
    assert not person.did(GiveCode)


def test_a_counter_code_needs_no_clock() -> None:
    person = (
        Person((COUNTER,), trust=Trust.UNKNOWN)
        .sees("New code: hold")
        .holds()
        .sees("New code")
        .holds()
    )
    person.happens(CodeReady(Code("a3", "75522412", 0.0, None))).sees("75522412")


def test_a_counter_code_is_only_made_when_asked() -> None:
    assert not Person((COUNTER,)).waits(60.0).taps(2).did(GiveCode)


def test_the_panel_goes_dark_and_forgets_the_code() -> None:
    person = Person((JAN,)).waits(0.2).has_code().waits(75.0)
    assert rules.view(person.desk).lit is False
    assert "276210" not in repr(person.desk.mode)


def test_the_press_that_wakes_the_panel_does_nothing_else() -> None:
    person = Person((JAN, MAIL)).waits(75.0).taps()
    assert rules.view(person.desk).lit is True
    person.sees("Jan de Boer").taps().sees("jan@mail.example")


def test_a_hold_that_wakes_the_panel_opens_nothing() -> None:
    Person((JAN,)).waits(75.0).holds().sees("Jan de Boer")


def test_the_menu_goes_home_by_itself() -> None:
    Person((JAN,)).holds().sees("Menu").waits(31.0).sees("Jan de Boer")


def test_letting_go_too_early_says_that_nothing_was_done() -> None:
    Person((JAN,)).presses().waits(0.6).releases().sees("Let go: nothing done", "Jan de Boer")


def test_the_page_opens_with_three_seconds_and_shows_its_code() -> None:
    person = Person((JAN,)).holds().taps(6).holds().sees("Device page").holds(1.5)
    assert not person.did(OpenPage)
    person.holds().happens(PageOpened("http://127.0.0.1:8091", "12345678", person.at + 600))
    person.sees("http://127.0.0.1:8091", "1234 5678").holds()
    assert person.did(ClosePage)


def test_a_reset_takes_five_seconds() -> None:
    person = (
        Person((JAN,))
        .happens(ResetAsked())
        .waits(0.8)
        .sees("Erase everything?", "Accounts: 1")
        .holds(2.0)
    )
    assert not person.did(Wipe)
    person.holds()
    assert person.did(Wipe)
    person.happens(Wiped()).sees("Erased").waits(3.0).sees("Not linked")


def test_a_reset_asked_from_outside_is_gone_after_a_minute() -> None:
    person = Person((JAN,)).happens(ResetAsked()).waits(61.0).sees("Jan de Boer")
    assert not person.did(Wipe)


def test_a_scan_asked_from_outside_still_waits_for_a_hold() -> None:
    person = Person((JAN,)).happens(ScanAsked()).sees("Scan QR code")
    assert not person.did(StartScan)
    person.holds()
    assert person.did(StartScan)


def test_the_language_is_changed_on_the_panel() -> None:
    person = Person((JAN,)).holds().taps(8).holds().sees("Settings", "Language: Dutch").holds()
    assert SetSetting("language", "en") in person.done


def test_version_and_serial_are_on_the_panel() -> None:
    Person((JAN,)).holds().taps(9).holds().sees(
        "Version 0.1", "Serial dt-0001", "Storage: plain file"
    )
