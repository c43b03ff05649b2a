"""What a technician does on the pages, and what the authenticator is asked for it."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from appliance.core.settings import ROWS
from appliance.wire.asking import AskReset, AskScan, Change, Confirm, Paste, Rename, Show
from appliance.wire.linking import Words
from appliance.wire.upkeep import NetworkState
from tests.web.device_page.conftest import Visitor
from web.device_page.house import LANGUAGE_COOKIE
from web.device_page.watching import watch

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


def test_the_status_page_names_device_clock_parts_and_accounts(inside: Visitor) -> None:
    text = inside.web.get("/status").text
    for word in ("DT-7F3A-0042", "0.1.0", "Set by the network", "Portal", "J. de Vries"):
        assert word in text


def test_a_clock_that_was_set_by_hand_is_marked_on_status_and_clock(inside: Visitor) -> None:
    inside.device.trust = "set"
    for path in ("/status", "/time"):
        assert "Set by hand, not confirmed" in inside.web.get(path).text
    assert "Codes stay hidden" not in inside.web.get("/time").text


def test_words_from_outside_are_never_markup(inside: Visitor) -> None:
    for path in ("/status", "/accounts", "/reset"):
        assert "<b>" not in inside.web.get(path).text
        assert "Proef &lt;b&gt;" in inside.web.get(path).text


def test_a_state_the_page_does_not_know_is_shown_as_it_is(inside: Visitor) -> None:
    inside.device.parts = {"radio": "wobbly"}
    inside.device.stage = inside.device.trust = "never heard of"
    assert "wobbly" in inside.web.get("/status").text
    assert inside.web.get("/link").status_code == 200


def test_a_pasted_link_goes_to_the_token_and_nowhere_else(inside: Visitor) -> None:
    sent = inside.send("/link/paste", text="  https://portal.example/e#ABC \n")
    assert sent.headers["Location"] == "/link"
    assert [ask.text for ask in inside.desk.of(Paste)] == ["https://portal.example/e#ABC"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097])
def test_no_link_or_one_that_is_too_long_is_refused_here(inside: Visitor, text: str) -> None:
    assert inside.send("/link/paste", text=text).status_code == 400
    assert inside.desk.of(Paste) == []


def test_a_picture_goes_to_the_scanner_whole(inside: Visitor) -> None:
    whole = PNG + b"y" * 3_000_000
    assert inside.send_picture(whole).status_code == 303
    assert [ask.data for ask in inside.desk.of(Show)] == [whole]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a picture"),
        (b"GIF89a", "not a picture"),
        (b"<svg/>", "not a picture"),
        (PNG + b"x" * 8 * 1024 * 1024, "at most 8 MB"),
    ],
)
def test_what_is_no_usable_picture_is_refused_here(
    inside: Visitor, data: bytes, sentence: str
) -> None:
    answer = inside.send_picture(data)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert inside.desk.of(Show) == []


def test_the_page_can_only_ask_for_a_scan(inside: Visitor) -> None:
    inside.send("/link/camera")
    assert len(inside.desk.of(AskScan)) == 1


def test_the_field_for_the_sms_code_is_there_only_when_it_is_asked_for(inside: Visitor) -> None:
    assert "Code from the SMS" not in inside.web.get("/link").text
    inside.device.stage = "dialling"
    assert "Code from the SMS" in inside.web.get("/link").text
    inside.send("/link/confirm", code="123 456")
    assert [ask.digits for ask in inside.desk.of(Confirm)] == ["123456"]


def test_words_for_a_server_go_as_they_were_typed_and_only_when_asked_for(inside: Visitor) -> None:
    assert "Words for the server" not in inside.web.get("/link").text
    inside.device.stage = "spelling"
    assert "Words for the server" in inside.web.get("/link").text
    inside.send("/link/words", words="  B-774 x ")
    assert [ask.words for ask in inside.desk.of(Words)] == ["  B-774 x "]
    for wrong in ("", "x" * 129, "a\x00b"):
        assert "Type 1 to 128" in inside.send("/link/words", words=wrong).text
    assert len(inside.desk.of(Words)) == 1


def test_an_account_gets_another_name(inside: Visitor) -> None:
    sent = inside.send("/accounts/a1/label", label="  Loket   3 ")
    assert sent.headers["Location"] == "/accounts?saved=1"
    assert [ask.label for ask in inside.desk.of(Rename)] == ["Loket 3"]
    assert "Loket 3" in inside.web.get("/accounts").text


@pytest.mark.parametrize("label", ["", "x" * 65, "a\u202eb", "a\x00b"])
def test_a_name_that_does_not_fit_is_refused_here(inside: Visitor, label: str) -> None:
    assert inside.send("/accounts/a1/label", label=label).status_code == 400
    assert inside.send("/accounts/nobody/label", label="x").status_code == 404
    assert inside.desk.of(Rename) == []


def test_every_setting_of_the_table_has_a_field_with_its_value(inside: Visitor) -> None:
    text = "".join(inside.web.get(at).text for at in ("/settings", "/security", "/network"))
    for row in ROWS:
        assert f'name="{row.key}"' in text


@pytest.mark.parametrize(
    ("language", "range_"), [("nl", "Van 0,6 tot 2,5."), ("en", "From 0.6 to 2.5.")]
)
def test_a_range_is_told_with_the_decimal_sign_of_the_language(
    inside: Visitor, language: str, range_: str
) -> None:
    inside.web.set_cookie(LANGUAGE_COOKIE, language)
    assert range_ in inside.web.get("/settings").text


def test_only_settings_that_differ_are_sent(inside: Visitor) -> None:
    fields = {**inside.device.settings, "hold_time": "1.5", "sound": "on"}
    del fields["big_digits"]
    assert inside.send("/settings", **fields).status_code == 303
    assert {(ask.key, ask.value) for ask in inside.desk.of(Change)} == {
        ("hold_time", "1.5"),
        ("sound", "on"),
    }


@pytest.mark.parametrize(
    ("key", "value"), [("hold_time", "9"), ("hold_time", "nan"), ("keys", "x"), ("brightness", "")]
)
def test_a_value_that_does_not_fit_saves_nothing_at_all(
    inside: Visitor, key: str, value: str
) -> None:
    answer = inside.send("/settings", **{**inside.device.settings, "language": "nl", key: value})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text
    assert inside.desk.of(Change) == []


def test_a_refusal_of_the_token_is_told_in_its_words(inside: Visitor) -> None:
    answer = inside.send("/settings", **{**inside.device.settings, "keys": "joystick"})
    assert answer.status_code == 409
    assert "Choose on or off" in answer.text


def test_a_reset_needs_the_serial_and_even_then_only_asks(inside: Visitor) -> None:
    assert inside.send("/reset", serial="DT-7F3A-0043").status_code == 400
    assert inside.desk.of(AskReset) == []
    assert inside.send("/reset", serial=" dt-7f3a-0042 ").headers["Location"] == "/reset?asked=1"
    assert len(inside.desk.of(AskReset)) == 1
    inside.device.stage = "offering"
    assert "for 5 seconds" in inside.web.get("/reset?asked=1").text


@pytest.mark.parametrize("path", ["/log", "/backup", "/network", "/security"])
def test_long_work_shows_its_progress_without_script_too(inside: Visitor, path: str) -> None:
    again = '<noscript><meta http-equiv="refresh"'
    assert again not in inside.web.get(path).text
    for stage in ("asked", "granting", "testing"):
        inside.device.stage = stage
        text = inside.web.get(path).text
        assert again in text
        assert 'aria-live="polite"' in text


def test_a_search_is_shown_for_as_long_as_it_lasts(inside: Visitor) -> None:
    inside.device.network = NetworkState(steward=True, searching=True)
    assert "looking for networks" in inside.web.get("/network").text
    inside.device.network = NetworkState(steward=True)
    assert "looking for networks" not in inside.web.get("/network").text


def test_every_item_of_the_status_has_a_value_or_is_said_to_be_unknown(inside: Visitor) -> None:
    inside.device.parts = {}
    text = inside.web.get("/status").text
    for word in ("Clock", "Network", "Portal", "Panel", "Camera", "Storage", "Temperature", "Supply",
                 "Disk", "Serial number", "Version", "Name", "Portal of J. de Vries last seen"):  # fmt: skip
        assert f"<dt>{word}" in text
    assert text.count("Not known yet") == 4


def test_the_log_says_how_long_ago_as_people_do(inside: Visitor) -> None:
    inside.device.lines = [(90_000.0, "INFO", "a"), (600.0, "INFO", "b"), (5.0, "INFO", "c")]
    text = inside.web.get("/log").text
    assert all(said in text for said in ("25 hours ago", "10 minutes ago", "5 seconds ago"))


def test_the_language_follows_the_device_until_the_switch_is_used(door: Visitor) -> None:
    assert '<html lang="en">' in door.web.get("/enter").text
    door.device.settings["language"] = "nl"
    assert '<html lang="nl">' in door.web.get("/enter").text
    door.send("/language", seen_on="/enter", language="en")
    assert '<html lang="en">' in door.web.get("/enter").text
    door.send("/language", seen_on="/enter", language="xx")
    assert '<html lang="en">' in door.web.get("/enter").text


def test_the_language_can_be_switched_while_the_page_is_closed(door: Visitor) -> None:
    door.device.page_open = False
    door.send("/language", seen_on="/status", language="nl")
    assert '<html lang="nl">' in door.web.get("/status").text


def test_an_authenticator_that_is_away_is_said_in_a_sentence(inside: Visitor) -> None:
    inside.desk.close()
    answer = inside.web.get("/status")
    assert answer.status_code == 503
    assert "Content-Security-Policy" in answer.headers


def test_closing_the_page_ends_the_session_without_any_visit(inside: Visitor) -> None:
    stopped = Event()
    thread = Thread(target=watch, args=(inside.house, stopped), daemon=True)
    inside.device.page_open = False
    thread.start()
    asked = len(inside.desk.heard)
    with inside.desk.changed:
        assert inside.desk.changed.wait_for(lambda: len(inside.desk.heard) > asked + 2, 20)
    inside.device.page_open = True
    stopped.set()
    thread.join(20)
    assert inside.web.get("/status").status_code == 303


def test_an_address_with_nothing_leads_to_the_status_page(inside: Visitor) -> None:
    """To try the same address again would end there again."""
    text = inside.web.get("/nowhere").text
    assert "It may be mistyped" in text
    assert "To the status page" in text
    assert "Try again" not in text
