"""Three sets of keys, one grammar: OK chooses where that is harmless, and stays a hold where it signs or erases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.core import desk as rules
from appliance.core.effects import AcceptOffer, OpenPage, Sign, StartScan, Wipe
from appliance.core.events import OfferMade, Requested
from appliance.core.flow import Mode
from appliance.core.flows import linked, notice
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.key_words import JOYSTICK, KEYED, ONE, THREE, key_set
from appliance.core.requests import Match, Verdict
from appliance.core.screen import Text
from appliance.core.settings import Settings
from appliance.core.stories import story
from tests.core.everything import LATE, MODES
from tests.core.person import JAN, MAIL, Person, request
from tests.core.test_laws import desk_in, named

NEUTRAL = {
    "Press: back", "Press: get started", "Press: stop", "One moment please", "Hold still", "OK: menu",
}  # fmt: skip
WITH_KEYS = (THREE, JOYSTICK)


def with_keys(keys: str, *accounts: object) -> Person:
    return Person(accounts).with_settings(keys=keys)  # type: ignore[arg-type]


@pytest.mark.parametrize("keys", WITH_KEYS)
@pytest.mark.parametrize("mode", MODES, ids=named)
def test_a_tap_on_ok_never_signs_erases_links_or_opens(mode: Mode, keys: str) -> None:
    desk = desk_in(mode)
    desk = replace(desk, facts=replace(desk.facts, settings=Settings(keys=keys)))
    effects = rules.step(desk, Tapped(Move.OK, LATE, LATE + 0.2)).effects
    assert not any(isinstance(effect, Sign | Wipe | AcceptOffer | OpenPage) for effect in effects)


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_where_a_hold_of_ok_does_harm_a_tap_is_not_taken_for_it(mode: Mode) -> None:
    effects = rules.step(desk_in(mode), Held(LATE, LATE + 6.0)).effects
    harm = any(isinstance(effect, Sign | Wipe | AcceptOffer | OpenPage) for effect in effects)
    assert not (harm and mode.ok_taps())


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_every_hint_of_one_button_has_words_for_the_other_keys(mode: Mode) -> None:
    hint = story(mode).view(mode, desk_in(mode).facts).hint
    assert hint is None or hint in KEYED or hint.english in NEUTRAL or "Tap" not in hint.english


def test_no_hint_for_several_keys_speaks_of_a_single_button() -> None:
    spoken = [words.english for pair in KEYED.values() for words in pair]
    assert [words for words in spoken if "Tap" in words or "Hold:" in words] == []


@pytest.mark.parametrize("keys", WITH_KEYS)
def test_ok_opens_the_menu_and_chooses_in_it(keys: str) -> None:
    with_keys(keys, JAN).taps().sees("Menu").taps(1, "next").taps().sees("Nobody is waiting")


@pytest.mark.parametrize("keys", WITH_KEYS)
def test_ok_starts_the_first_scan_and_stops_it(keys: str) -> None:
    person = with_keys(keys).sees("OK: scan").taps().sees("Camera on", "OK: stop")
    assert person.did(StartScan)
    person.taps().sees("Not linked")


@pytest.mark.parametrize("keys", WITH_KEYS)
def test_a_tap_on_ok_at_a_request_says_to_hold_it(keys: str) -> None:
    person = with_keys(keys, JAN).is_asked().taps(1, "next").taps()
    assert person.signed == []
    person.sees("Signing in?", "Hold OK").holds()
    assert [sign.verdict for sign in person.signed] == [Verdict.APPROVE]


@pytest.mark.parametrize("keys", WITH_KEYS)
def test_back_at_a_request_is_no_and_asks_why(keys: str) -> None:
    person = with_keys(keys, JAN).is_asked().taps(1, "next").taps(1, "back").taps(1, "back")
    person.sees("Why not?", "Hold OK")
    assert person.signed == []


@pytest.mark.parametrize(("keys", "more"), [(THREE, "next"), (JOYSTICK, "up")])
def test_a_number_is_dialled_by_taps_and_sent_by_a_hold(keys: str, more: str) -> None:
    person = with_keys(keys, JAN).is_asked(request(match=Match.NUMBER)).taps(1, "next").holds()
    person.taps(4, more).taps().taps(2, more).taps()
    assert person.signed == []
    person.sees("Hold OK").holds()
    assert [sign.match for sign in person.signed] == ["42"]


@pytest.mark.parametrize("keys", WITH_KEYS)
def test_an_offer_is_linked_by_a_hold_and_left_with_back(keys: str) -> None:
    person = with_keys(keys, MAIL).happens(OfferMade(JAN, "portal.example", needs_confirm=True))
    person.waits(0.8).sees("Hold OK: link").taps().sees("Hold OK").taps(1, "back")
    person.sees("Not linked")
    assert not person.did(AcceptOffer)


@pytest.mark.parametrize("keys", WITH_KEYS)
def test_the_same_page_is_read_with_every_set_of_keys(keys: str) -> None:
    person = with_keys(keys, JAN).happens(Requested(request())).waits(0.8)
    person.taps(3, "next").sees("In full", "https://portal.example").taps(1, "back")
    person.sees("Signing in?")


def test_one_button_never_hears_of_ok() -> None:
    assert with_keys(ONE, JAN).is_asked().taps().signed == []
    assert "OK" not in with_keys(ONE, JAN).screen


@pytest.mark.parametrize(
    ("roles", "keys"),
    [(("ok",), ONE), (("ok", "next", "back"), THREE), (("ok", "up", "down", "back"), JOYSTICK)],
)
def test_a_board_has_the_keys_it_has(roles: tuple[str, ...], keys: str) -> None:
    assert key_set(roles) == keys


def test_messages_go_away_with_any_key() -> None:
    for mode in (notice.Notice, linked.Ready):
        assert mode.ok_chooses
    assert all(isinstance(words, Text) for words in KEYED)
