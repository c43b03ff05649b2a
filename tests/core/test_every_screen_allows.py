"""What each screen lets happen, and for how long: one row a screen, as the manual has it."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from appliance.core import desk
from appliance.core.flow import Mode
from appliance.core.flows import (
    asked,
    confirm_code,
    enrolment,
    home,
    linked,
    login_scan,
    notice,
    page,
    pin,
    practice,
    profile,
    reset,
    self_test,
    sign_in,
    unlock,
    updating,
)
from appliance.core.stories import STORIES

FLAGS = ("awake", "resumes", "waits", "ok_chooses")
ALLOWS = {
    "About": "ok_chooses", "Asked": "awake", "Away": "ok_chooses", "Checking": "awake resumes",
    "Choosing": "", "Closed": "", "Dialling": "awake resumes", "Entering": "", "GoingOn": "awake waits",
    "Granting": "awake", "Home": "ok_chooses", "LoginFound": "awake waits",
    "LoginScanning": "awake waits ok_chooses", "Looking": "awake resumes", "Managing": "",
    "Menu": "ok_chooses", "Notice": "awake ok_chooses", "Numbering": "awake waits", "Offered": "awake resumes",
    "Offering": "awake", "Open": "awake", "Practising": "awake", "Proving": "awake waits",
    "Ready": "awake resumes ok_chooses", "Asking": "awake waits", "Refusing": "awake waits",
    "Scanning": "awake ok_chooses", "Sending": "awake", "SetUp": "ok_chooses", "Showing": "ok_chooses",
    "Testing": "awake ok_chooses", "Unlocking": "awake waits", "Updating": "awake", "Wiping": "awake",
    "Working": "awake resumes", "Proposed": "awake", "Installing": "awake", "Trying": "awake",
    "Making": "awake resumes ok_chooses", "Picking": "awake waits",
    "Digital": "awake ok_chooses", "Textual": "awake resumes",
    "ChoosingFirst": "awake waits", "Spelling": "awake resumes ok_chooses",
    "Fresh": "awake", "Renewing": "awake", "Matched": "ok_chooses",
}  # fmt: skip
LONG_HOLDS = {"Asked": 3.0, "Closed": 3.0, "Offering": 5.0, "Proposed": 3.0, "Renewing": 3.0}
SHORT = "Dialling", "Entering", "Proving", "Choosing", "ChoosingFirst", "Numbering", "Spelling"
SHORT_HOLDS = dict.fromkeys(SHORT, 0.8)
BEGINS = {
    "Scanning": {"width": 0, "height": 0, "bits": b"", "have": 0, "of": 0},
    "LoginScanning": {"width": 0, "height": 0, "bits": b""},
    "Looking": {"have": 0, "of": 0},
    "Offered": {"number": 1, "of": 1, "kept": 0},
    "Working": {"more": False},
    "Home": {"account": "", "code": None, "coming": None, "asked": 0.0},
    "Menu": {"chosen": 0, "counter": "", "account": ""},
    "Notice": {"account": "", "of_request": False},
    "Open": {"fingerprint": "", "marks": False},
    "Entering": {"manages": False, "checking": False, "wrong": False, "wait_until": 0.0},
    "Choosing": {"first": "", "differed": False},
    "Managing": {"chosen": 0},
    "Practising": {"chosen": 0},
    "Away": {"weeks": 1},
    "Testing": {"results": (), "shown": 0},
    "Trying": {"seen": (), "frame": None},
    "SetUp": {"chosen": 0},
    "Asking": {"chosen": 0},
    "Refusing": {"chosen": 0},
    "Unlocking": {"chosen": 0},
    "GoingOn": {"chosen": 0},
    "Dialling": {"tries_left": 0},
}
MODES: dict[str, type[Mode]] = {mode.__name__: mode for mode in STORIES}


def test_every_screen_has_its_row() -> None:
    assert MODES.keys() == ALLOWS.keys()


@pytest.mark.parametrize("name", ALLOWS)
def test_a_screen_allows_what_its_row_says(name: str) -> None:
    """Kept lit; brought back after a request; somebody waits there; a tap on OK is enough."""
    mode = MODES[name]
    assert [flag for flag in FLAGS if getattr(mode, flag)] == ALLOWS[name].split()
    assert mode.interruptible is (name not in ("Wiping", "Installing"))
    assert mode.hold_seconds == LONG_HOLDS.get(name, 0.0)
    assert mode.hold == SHORT_HOLDS.get(name, 1.0)


@pytest.mark.parametrize("name", BEGINS)
def test_a_screen_begins_with_nothing_chosen(name: str) -> None:
    """A list begins at its first line, which is never a yes."""
    given = {
        field.name: field.default for field in fields(MODES[name]) if field.default is not MISSING
    }
    assert {key: given.get(key) for key in BEGINS[name]} == BEGINS[name]


def test_the_dials_have_their_lengths() -> None:
    assert (confirm_code.CODE_LENGTH, sign_in.NUMBER_LENGTH, pin.LENGTH) == (6, 2, 4)


def test_no_stands_before_yes() -> None:
    assert (sign_in.NO, sign_in.YES, practice.NO, practice.YES) == (0, 1, 0, 1)
    assert (unlock.NOT_ME, unlock.UNLOCK, unlock.BACK, unlock.GO_ON) == (0, 1, 0, 1)


def test_the_times_are_those_of_the_manual() -> None:
    """In seconds. What a person must do slowly has time, and home always comes back."""
    assert (desk.MENU_SECONDS, desk.WHISPER_SECONDS, desk.BAR_AFTER) == (30.0, 1.5, 0.15)
    assert (desk.SHIFT_EVERY, desk.SHIFTS, desk.A_TICK) == (60.0, 4, 0.1)
    assert (asked.ASKED_HOLD, asked.ASKED_SECONDS, asked.WORK_SECONDS) == (3.0, 60.0, 60.0)
    assert (confirm_code.CODE_SECONDS, confirm_code.CHECK_SECONDS) == (600.0, 60.0)
    assert (enrolment.SCAN_SECONDS, enrolment.OFFER_SECONDS) == (60.0, 60.0)
    assert (enrolment.WORK_SECONDS, login_scan.SCAN_SECONDS, linked.SEEN_SECONDS) == (60, 60, 600)
    assert (home.FRESH_SECONDS, home.HANDS_SECONDS) == (2.0, 6.0)
    assert (home.ASK_AGAIN, home.BIG_PAGE_SECONDS) == (2.0, 2.0)
    assert (notice.SHORT, notice.LONG, page.OPEN_HOLD) == (2.5, 8.0, 3.0)
    assert (practice.PRACTICE_SECONDS, updating.UPDATE_SECONDS) == (60.0, 40.0)
    assert (reset.RESET_HOLD, reset.OFFER_SECONDS, self_test.TEST_SECONDS) == (5.0, 60.0, 45.0)


def test_the_password_warns_on_the_days_of_the_manual() -> None:
    assert (profile.DAY, profile.LADDER) == (86400.0, (1, 3, 7, 14))
    assert profile.AWAY_WEEKS == (1, 2, 3, 4, 5, 6)


def test_the_pages_qr_is_as_large_as_its_panel_takes() -> None:
    assert (page.LARGEST, page.ROW) == (47, 4)
