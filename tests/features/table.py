"""The 31 rows of the phone app's manual, S1 to S31, each with what it means here and the tests that show it.

A test is named by its function; `test_table.py` holds that each one exists.
"""

from __future__ import annotations

ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "S1": (
        "approval, code and unlock without SMS and without a phone",
        (
            "test_yes_is_one_tap_and_a_hold",
            "test_a_portal_that_is_gone_leaves_the_code_on_the_screen",
            "test_unlocking_takes_two_steps_and_says_that_the_password_stays",
        ),
    ),
    "S2": (
        "a clear state when nothing is linked: no code, nothing to approve",
        ("test_an_unlinked_device_says_so_and_offers_the_scan",),
    ),
    "S3": (
        "the enrolment QR comes after the password, works once and expires",
        (
            "test_a_used_link_does_not_work_twice",
            "test_a_ticket_expires_after_ten_minutes",
            "test_the_qr_is_for_the_session_that_asked_only",
        ),
    ),
    "S4": (
        "an unlinked device offers one thing: scan",
        (
            "test_an_unlinked_device_says_so_and_offers_the_scan",
            "test_a_scan_asked_from_outside_still_waits_for_a_hold",
        ),
    ),
    "S5": (
        "the camera is on only during a scan that somebody started, and the panel says so",
        (
            "test_the_camera_is_off_until_somebody_holds",
            "test_the_camera_goes_off_after_a_minute",
            "test_ok_starts_the_first_scan_and_stops_it",
        ),
    ),
    "S6": (
        "a QR from a monitor, from paper, or as a picture or link on the device page",
        (
            "test_the_grid_follows_bent_paper",
            "test_a_picture_goes_to_the_scanner_whole",
            "test_a_pasted_link_goes_to_the_token_and_nowhere_else",
        ),
    ),
    "S7": (
        "the one-time code is dialled or typed, with five tries",
        (
            "test_the_code_is_dialled_with_one_button",
            "test_the_code_may_be_typed_on_the_page_instead",
            "test_a_wrong_code_says_how_many_tries_are_left",
            "test_the_fifth_wrong_code_ends_it",
        ),
    ),
    "S8": (
        "a link does the same as the QR, and still waits for the button",
        ("test_a_pasted_link_still_waits_for_the_button",),
    ),
    "S9": (
        "link complete, one press to the home screen",
        ("test_link_complete_then_one_press_to_the_code",),
    ),
    "S10": (
        "the account is there after a restart and after a power cut",
        (
            "test_a_link_survives_a_restart",
            "test_the_whole_story_from_scan_to_approval_and_over_a_restart",
        ),
    ),
    "S11": (
        "a request surfaces from every state",
        (
            "test_a_request_takes_over_from_every_line_of_the_menu",
            "test_a_request_wakes_a_dark_panel",
            "test_an_open_letter_is_shown_again_after_a_restart",
        ),
    ),
    "S12": (
        "the login page waits, expires and can be cancelled",
        (
            "test_the_page_moves_on_with_the_token",
            "test_after_two_minutes_both_sides_end",
            "test_cancel_at_the_browser_tells_the_token",
        ),
    ),
    "S13": (
        "a full-screen question with who, which service and where; no bounce says yes",
        (
            "test_a_request_shows_who_which_service_and_where",
            "test_a_press_in_the_first_tenths_never_counts",
            "test_a_hold_that_began_before_the_request_never_counts",
            "test_past_yes_come_the_pages_and_then_no_again",
        ),
    ),
    "S14": (
        "open requests are counted, and asked one after the other",
        ("test_open_requests_are_counted", "test_two_logins_are_asked_one_after_the_other"),
    ),
    "S15": (
        "every outcome is said for a moment, then home comes back by itself",
        ("test_every_outcome_is_said_and_home_comes_back_by_itself",),
    ),
    "S16": (
        "a late request is dropped, a lost line is found again",
        (
            "test_an_expired_letter_is_refused",
            "test_a_letter_that_comes_after_its_own_end_is_not_shown",
            "test_a_silent_stream_is_cut_and_the_letter_still_comes",
        ),
    ),
    "S17": (
        "the code is there without a network, and never when the clock is unknown",
        (
            "test_a_lost_part_is_said_beside_the_code_and_never_in_its_place",
            "test_an_unknown_clock_shows_no_digits_but_why",
        ),
    ),
    "S18": (
        "RFC 6238: six digits, thirty seconds, other values from the link",
        (
            "test_timed_codes_are_those_of_rfc_6238_appendix_b",
            "test_the_vectors_of_rfc_6238_are_taken",
        ),
    ),
    "S19": (
        "a typed code ends the same login",
        ("test_a_typed_code_lets_in_and_ends_the_request_on_the_token",),
    ),
    "S20": (
        "large grouped digits with seconds left, and a roll-over nobody misses",
        (
            "test_codes_of_every_length_are_drawn_in_full",
            "test_a_fresh_code_is_unmistakable_for_its_first_second",
            "test_below_six_seconds_the_coming_code_is_offered_with_its_wait",
        ),
    ),
    "S21": (
        "home dims and goes dark, and forgets the code",
        ("test_the_panel_dims_and_then_goes_dark", "test_the_panel_goes_dark_and_forgets_the_code"),
    ),
    "S22": (
        "how long the password is good, and when that was heard",
        (
            "test_the_profile_shows_days_date_and_when_that_was_heard",
            "test_an_unheard_profile_is_unknown_and_says_what_to_do",
        ),
    ),
    "S23": (
        "warnings from fourteen days on, and the check before leave",
        (
            "test_home_warns_from_fourteen_days_on",
            "test_the_leave_check_says_whether_the_password_lasts",
        ),
    ),
    "S24": (
        "reset wipes keys after a long hold, and tells the portal if it can",
        (
            "test_a_reset_takes_five_seconds",
            "test_a_wipe_leaves_no_account_and_no_readable_byte",
        ),
    ),
    "S25": (
        "the account is updated without a new enrolment",
        (
            "test_update_account_asks_the_portal_and_shows_the_answer",
            "test_a_portal_that_is_away_leaves_what_is_known",
        ),
    ),
    "S26": (
        "version and serial number on the panel and on the page",
        (
            "test_version_and_serial_are_on_the_panel",
            "test_the_status_page_names_device_clock_parts_and_accounts",
        ),
    ),
    "S27": ("back to the code, by the menu or by itself", ("test_the_menu_goes_home_by_itself",)),
    "S28": (
        "an unlock after wrong passwords, with words of its own",
        (
            "test_an_unlock_shows_when_and_from_where_the_wrong_passwords_came",
            "test_five_wrong_passwords_lock_and_ask_the_token",
        ),
    ),
    "S29": (
        "unlocking takes two steps",
        ("test_unlocking_takes_two_steps_and_says_that_the_password_stays",),
    ),
    "S30": (
        "the password has not changed, and it says so",
        ("test_a_yes_unlocks_and_the_password_is_the_same",),
    ),
    "S31": (
        "the self-test names what fails, and nothing silences requests without a sign",
        (
            "test_the_self_test_names_the_part_that_fails",
            "test_doubt_about_clock_or_network_blinks_now_and_then",
        ),
    ),
}
