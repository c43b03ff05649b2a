"""The panel's care: dim, dark, the slow walk; and what it says of lost parts and of keys that misbehave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.core import desk as rules
from appliance.core.events import Health, PageOpened, PartChanged
from appliance.core.flow import Mode
from appliance.core.gestures import Held, KeyStuck, PressBegan, Tapped
from appliance.core.presses import SLOW, Keys, edge, settle
from appliance.core.screen import QrPage, Viewfinder
from appliance.core.stories import story
from tests.core.everything import MODES
from tests.core.person import JAN, MAIL, Person, now
from tests.core.test_laws import desk_in, named


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_the_panel_never_rests_during_a_request_a_scan_or_a_qr(mode: Mode) -> None:
    desk = desk_in(mode)
    screen = story(mode).view(mode, desk.facts)
    if not (screen.alert or mode.waits or isinstance(screen.body, Viewfinder | QrPage)):
        return
    late = replace(desk, facts=replace(desk.facts, now=now(100_000.0)))
    assert (rules.view(late).lit, rules.view(late).dim) == (True, False)


def test_the_law_meets_requests_scans_and_a_qr() -> None:
    screens = [story(mode).view(mode, desk_in(mode).facts) for mode in MODES]
    assert sum(screen.alert for screen in screens) >= 6
    assert {type(screen.body) for screen in screens} >= {Viewfinder, QrPage}


def test_the_panel_dims_and_then_goes_dark() -> None:
    person = Person((JAN,)).waits(0.2).has_code()
    seen = []
    for _ in range(7):
        screen = rules.view(person.waits(10.0).desk)
        seen.append("dark" if not screen.lit else "dim" if screen.dim else "lit")
    assert seen == ["lit", "lit", "dim", "dim", "dim", "dark", "dark"]


def test_a_picture_that_stands_walks_a_column_each_minute_and_comes_back() -> None:
    person = Person((JAN,)).with_settings(off_after=3600)
    steps = [rules.view(person.waits(60.0).desk).shift for _ in range(8)]
    assert sorted(set(steps)) == [0, 1, 2, 3]
    assert steps[:4] == steps[4:]


def test_a_picture_that_must_be_hit_or_scanned_stands_still() -> None:
    person = Person((JAN,)).with_settings(off_after=3600).waits(100.0).is_asked()
    assert rules.view(person.desk).shift == 0


@pytest.mark.parametrize(
    ("part", "said"),
    [("network", "No network"), ("portal", "No portal"), ("storage", "No storage")],
)
def test_a_lost_part_is_said_beside_the_code_and_never_in_its_place(part: str, said: str) -> None:
    person = Person((JAN,)).waits(0.2).has_code().happens(PartChanged(part, Health.BAD))
    person.sees(said, "276210").happens(PartChanged(part, Health.GOOD))
    assert said not in person.screen


def test_big_digits_do_not_hide_a_lost_network() -> None:
    person = Person((JAN,)).with_settings(big_digits=True).waits(0.2).has_code()
    person.happens(PartChanged("network", Health.BAD)).sees("No network", "276210")


def test_a_device_whose_records_do_not_open_is_not_called_unlinked() -> None:
    person = Person().happens(PartChanged("storage", Health.BAD)).sees("Storage trouble")
    assert "Not linked" not in person.screen


def test_a_key_that_is_stuck_is_said_until_it_is_free() -> None:
    person = Person((JAN,)).presses().waits(16.0).sees("A key is stuck").releases()
    assert "stuck" not in person.screen


def test_a_stuck_key_is_said_on_a_request_and_answers_nothing() -> None:
    person = Person((JAN,)).presses().is_asked().waits(16.0).sees("Signing in?", "A key is stuck")
    assert person.signed == []


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        ("https://192.168.178.123:8443", True),
        ("http://token-7f3a.local", True),
        ("http://127.0.0.1:8091/page", False),
        ("https://" + "a" * 60, False),
    ],
)
def test_an_address_is_drawn_as_a_qr_when_a_panel_can_show_it(address: str, drawn: bool) -> None:
    person = Person((JAN,)).holds().taps(6).holds().sees("Device page").holds()
    person.happens(PageOpened(address, "12345678", person.at + 600)).sees(address, "1234 5678")
    assert isinstance(rules.view(person.desk).body, QrPage) is drawn


def slow(*edges: tuple[float, bool]) -> list[object]:
    """What slow keys make of these edges of the main key."""
    keys, heard, at, left = Keys(), list[object](), 0.0, list(edges)
    while at < 20.0:
        while left and left[0][0] <= at:
            when, down = left.pop(0)
            keys, _ = edge(keys, "ok", down, when, SLOW)
        keys, told = settle(keys, at, 0.5, 1.0, SLOW)
        heard += [each for each in told if isinstance(each, Tapped | Held | KeyStuck | PressBegan)]
        at += 0.01
    return heard


def test_slow_keys_hear_no_brush_of_a_trembling_hand() -> None:
    assert slow((1.0, True), (1.08, False), (1.2, True), (1.25, False)) == []


def test_slow_keys_hear_one_tap_of_a_hand_that_taps_twice() -> None:
    twice = slow((1.0, True), (1.3, False), (1.6, True), (1.9, False))
    assert [type(each) for each in twice] == [PressBegan, Tapped]
    apart = slow((1.0, True), (1.3, False), (2.0, True), (2.3, False))
    assert [type(each) for each in apart] == [PressBegan, Tapped, PressBegan, Tapped]


def test_slow_keys_keep_a_hold_through_a_twitch() -> None:
    kinds = [type(each) for each in slow((1.0, True), (1.6, False), (1.7, True), (4.0, False))]
    assert kinds == [PressBegan, Held]


def test_slow_keys_are_a_setting_that_a_person_feels() -> None:
    person = Person((JAN, MAIL)).with_settings(slow_keys=True).waits(1.0)
    person.taps().waits(0.2).sees("jan@mail.example").taps().waits(0.2).sees("jan@mail.example")
    person.waits(0.6).taps().waits(0.2).sees("Jan de Boer")


@pytest.mark.parametrize("hold", [0.6, 1.0, 2.5])
def test_a_hold_lasts_as_long_as_it_was_set(hold: float) -> None:
    person = Person((JAN,)).with_settings(hold_time=hold).presses().waits(hold - 0.3)
    assert "Menu" not in person.screen
    person.waits(0.4).sees("Menu")
